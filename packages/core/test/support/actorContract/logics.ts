import { concat, of, Subject, throwError } from 'rxjs';
import {
  type AnyActorRef,
  createActor,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  fromTransition,
  setup,
} from 'xstate';
import type { Cases, ContractWorld } from './contractWorld.ts';

/** Runs a logic as the subject's own, then as what the subject invokes. */
const invoking = ({ note }: ContractWorld, logic: Parameters<typeof createActor>[0]) =>
  setup({ actors: { work: logic }, actions: { note: ({ event }) => note('parent got', event) } }).createMachine({
    initial: 'busy',
    states: {
      busy: {
        invoke: {
          src: 'work',
          id: 'work',
          onDone: { target: 'idle', actions: 'note' },
          onError: { target: 'idle', actions: 'note' },
          onSnapshot: { actions: 'note' },
        },
        on: { leave: 'idle' },
      },
      idle: {},
    },
    on: { '*': { actions: 'note' } },
  });

const resolving = () => fromPromise(async ({ input }: { input: number | undefined }) => (input ?? 1) * 2);
const rejecting = () => fromPromise(() => Promise.reject(new Error('refused')));

export const logics: Cases = {
  'runs a promise to its output': async ({ create, observe, settle, note }) => {
    const actor = create(resolving(), { input: 21 });
    observe('a', actor);
    actor.start();
    await settle();
    note(actor.getSnapshot());
  },
  'runs a promise to its error': async ({ create, observe, settle }) => {
    const actor = create(rejecting());
    observe('a', actor);
    actor.start();
    await settle();
  },
  'aborts a promise that is stopped, and lets a promise emit': async ({ create, observe, settle, note }) => {
    const logic = fromPromise(async ({ signal, emit }) => {
      emit({ type: 'begun' });
      signal.addEventListener('abort', () => note('aborted'));
      await new Promise(() => {});
    });
    const actor = create(logic);
    actor.on('*', ({ type }) => note(type));
    observe('a', actor);
    actor.start();
    await settle();
    actor.stop();
    note(actor.getSnapshot());
  },
  'fails when a promise cannot be made': ({ create, observe }) => {
    const actor = create(
      fromPromise(() => {
        throw new Error('not even');
      }),
    );
    observe('a', actor);
    actor.start();
  },
  'runs a callback: receives, emits, sends back, cleans up': (world) => {
    const { create, note } = world;
    const parent = createActor(
      invoking(
        world,
        fromTransition((state: number) => state, 0),
      ),
    ).start();
    const logic = fromCallback<{ type: string }, string>(({ input, receive, sendBack, emit, self }) => {
      note(input, self.id);
      receive((event) => {
        note('received', event);
        sendBack({ type: 'back' });
        emit({ type: 'said' });
      });
      return () => note('cleaned');
    });
    const child = create(logic, { parent, id: 'child', input: 'hello' });
    child.on('*', ({ type }) => note(type));
    child.start();
    child.send({ type: 'one' });
    const root = create(logic, { id: 'root', input: 'root' }).start();
    root.send({ type: 'two' });
    root.stop();
    root.send({ type: 'three' });
    note(root.getSnapshot());
  },
  'fails with a callback that throws': ({ create, observe }) => {
    const actor = create(
      fromCallback(() => {
        throw new Error('no callback');
      }),
    );
    observe('a', actor);
    actor.start();
  },
  'runs an observable to its end': ({ create, observe }) => {
    const actor = create(fromObservable(() => of(1, 2, 3)));
    observe('a', actor);
    actor.start();
  },
  'runs an observable to its error': ({ create, observe }) => {
    const actor = create(
      fromObservable(() =>
        concat(
          of(1),
          throwError(() => new Error('stream')),
        ),
      ),
    );
    observe('a', actor);
    actor.start();
  },
  'unsubscribes from an observable when it is stopped': ({ create, observe, note }) => {
    const source = new Subject<number>();
    const actor = create(fromObservable(() => source)).start();
    observe('a', actor);
    source.next(1);
    note(source.observed);
    actor.stop();
    note(source.observed);
    source.next(2);
  },
  'sends the events of an event observable to its parent': (world) => {
    const source = new Subject<{ type: string }>();
    const parent = createActor(
      invoking(
        world,
        fromTransition((state: number) => state, 0),
      ),
    ).start();
    world
      .create(
        fromEventObservable(() => source),
        { parent, id: 'child' },
      )
      .start();
    source.next({ type: 'streamed' });
    source.complete();
  },
  'lets a transition function use its scope, taken apart': ({ create, note }) => {
    const logic = fromTransition(
      (state: number, _: { type: 'x' }, { self, id, sessionId, system, emit, logger, defer }) => {
        defer(() => note('deferred'));
        emit({ type: 'said' });
        logger('logged');
        note(id, self.id, sessionId === self.sessionId, system === self.system);
        return state + 1;
      },
      0,
    );
    const actor = create(logic, { id: 'a', logger: (said) => note(said) });
    actor.on('*', ({ type }) => note(type));
    actor.start().send({ type: 'x' });
  },
  'invokes a promise, a callback, an observable and a machine': async (world) => {
    const machine = setup({}).createMachine({ initial: 'a', states: { a: { type: 'final' } }, output: 'out' });
    const sending = fromCallback(({ sendBack }) => sendBack({ type: 'from the callback' }));
    for (const logic of [resolving(), rejecting(), sending, fromObservable(() => of(1, 2)), machine]) {
      const actor = world.create(invoking(world, logic)).start();
      await world.settle();
      world.note(actor.getSnapshot());
    }
  },
  'stops what it invokes when it exits the state': async (world) => {
    const logic = fromPromise(
      ({ signal }) => new Promise(() => signal.addEventListener('abort', () => world.note('aborted'))),
    );
    const actor = world.create(invoking(world, logic)).start();
    actor.send({ type: 'leave' });
    await world.settle();
    world.note(actor.getSnapshot());
  },
  'restores a persisted machine with its children': ({ create, note, observe }) => {
    const machine = setup({
      types: { context: {} as { count: number; kid: AnyActorRef } },
      actors: { kid: fromTransition((count: number) => count + 1, 0) },
    }).createMachine({
      context: ({ spawn }) => ({ count: 0, kid: spawn('kid', { id: 'kid', systemId: 'the kid' }) }),
      initial: 'a',
      states: { a: { on: { go: 'b' } }, b: { on: { go: 'a' } } },
    });
    const first = create(machine).start();
    first.send({ type: 'go' });
    first.getSnapshot().context.kid.send({ type: 'x' });
    const persisted = JSON.parse(JSON.stringify(first.getPersistedSnapshot()));
    note(persisted);
    const second = create(machine, { snapshot: persisted });
    observe('second', second);
    second.start();
    note(second.getSnapshot().context.kid.getSnapshot(), second.system.get('the kid') !== undefined);
    second.send({ type: 'go' });
  },
  'restores persisted logics of every kind': async ({ create, note, observe, settle }) => {
    const logics = [
      fromTransition((count: number) => count + 1, 5),
      resolving(),
      fromObservable(() => of(4)),
      fromCallback(() => {}),
    ];
    for (const logic of logics) {
      const first = create(logic).start();
      await settle();
      const snapshot = first.getPersistedSnapshot();
      note(snapshot);
      const second = create(logic, { snapshot });
      observe('second', second);
      second.start();
      second.send({ type: 'x' } as never);
      await settle();
    }
  },
};
