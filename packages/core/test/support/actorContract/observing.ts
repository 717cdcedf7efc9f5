import { from } from 'rxjs';
import { emit, fromTransition, setup, toPromise, waitFor } from 'xstate';
import type { Cases } from './contractWorld.ts';

const counter = () => fromTransition((count: number, { by }: { type: 'add'; by: number }) => count + by, 0);
const add = { type: 'add', by: 1 } as const;

const speaker = () =>
  setup({ types: { events: {} as { type: 'say'; word: string }, emitted: {} as { type: string } } }).createMachine({
    on: { say: { actions: emit(({ event }) => ({ type: event.word })) } },
  });

const boom = () => {
  throw new Error('from an observer');
};

export const observing: Cases = {
  'tells function subscribers the current snapshot when it starts': ({ create, note }) => {
    const actor = create(counter());
    actor.subscribe((snapshot) => note('next', snapshot));
    actor.start();
    actor.send(add);
  },
  'reports a subscriber that throws, and tells the others': ({ create, observe }) => {
    const actor = create(counter()).start();
    actor.subscribe(boom);
    observe('a', actor);
    actor.send(add);
    actor.send(add);
  },
  'reports a completion that throws': ({ create, observe }) => {
    const actor = create(counter()).start();
    actor.subscribe({ complete: boom });
    observe('a', actor);
    actor.stop();
  },
  'lets a subscriber leave while it is being told': ({ create, observe, note }) => {
    const actor = create(counter()).start();
    const subscription = actor.subscribe(() => {
      note('once');
      subscription.unsubscribe();
    });
    observe('a', actor);
    actor.send(add);
    actor.send(add);
  },
  'does not tell a subscriber that another has just removed': ({ create, observe, note }) => {
    const actor = create(counter()).start();
    actor.subscribe(() => second.unsubscribe());
    const second = actor.subscribe(() => note('never'));
    observe('a', actor);
    actor.send(add);
  },
  'tells a subscriber that joins while others are being told': ({ create, observe }) => {
    const actor = create(counter()).start();
    let joined = false;
    actor.subscribe(() => {
      if (!joined) observe('late', actor);
      joined = true;
    });
    actor.send(add);
    actor.send(add);
  },
  'tells one function as often as it subscribed': ({ create, note }) => {
    const actor = create(counter()).start();
    const listener = () => note('told');
    actor.subscribe(listener);
    actor.subscribe(listener);
    actor.send(add);
  },
  'lets a subscriber stop it': ({ create, observe, note }) => {
    const actor = create(counter()).start();
    actor.subscribe(() => {
      actor.stop();
      note('asked', actor.getSnapshot());
    });
    observe('a', actor);
    actor.send(add);
    actor.send(add);
  },
  'calls the methods of an observer on the observer': ({ create, note }) => {
    const actor = create(counter());
    class Follower {
      name = 'observer';
      next() {
        note(this.name);
      }
    }
    actor.subscribe(new Follower());
    actor.start();
  },
  'emits to listeners by type, then to those for all': ({ create, note }) => {
    const actor = create(speaker()).start();
    actor.on('*', ({ type }) => note('all', type));
    const hello = actor.on('hello', ({ type }) => note('hello', type));
    for (const word of ['hello', 'bye']) actor.send({ type: 'say', word });
    hello.unsubscribe();
    actor.send({ type: 'say', word: 'hello' });
  },
  'lets one handler listen twice': ({ create, note }) => {
    const actor = create(speaker()).start();
    const handler = () => note('heard');
    actor.on('hello', handler);
    actor.on('hello', handler).unsubscribe();
    actor.send({ type: 'say', word: 'hello' });
  },
  'reports a listener that throws, and tells the others': ({ create, note }) => {
    const actor = create(speaker()).start();
    actor.on('hello', boom);
    actor.on('hello', () => note('heard'));
    actor.send({ type: 'say', word: 'hello' });
  },
  'emits to nobody once it has stopped': ({ create, note }) => {
    const logic = fromTransition((state: number, _: { type: 'x' }, { emit }) => {
      emit({ type: 'said' });
      return state;
    }, 0);
    const actor = create(logic).start();
    actor.on('*', () => note('heard'));
    actor.stop();
    actor.send({ type: 'x' });
  },
  'emits what an initial action emits when it starts': ({ create, note }) => {
    const actor = create(setup({}).createMachine({ entry: emit({ type: 'born' }) }));
    actor.on('*', ({ type }) => note(type));
    actor.start();
  },
  'selects a part of its snapshot, told when that changes': ({ create, note }) => {
    const actor = create(counter()).start();
    const tens = actor.select(({ context }) => Math.floor(context / 10));
    tens.subscribe((ten) => note('ten', ten));
    for (const by of [3, 3, 5, 1, 20]) actor.send({ type: 'add', by });
    note(tens.get());
    const parity = actor.select(
      ({ context }) => ({ even: context % 2 === 0 }),
      (a, b) => a.even === b.even,
    );
    parity.subscribe({ next: ({ even }) => note('even', even) });
    for (const by of [2, 1]) actor.send({ type: 'add', by });
  },
  'is an observable to RxJS': ({ create, note }) => {
    const actor = create(counter()).start();
    const subscription = from(actor as never).subscribe((snapshot) => note('rx', snapshot));
    actor.send(add);
    subscription.unsubscribe();
    actor.send(add);
  },
  'can be waited for': async ({ create, note }) => {
    const actor = create(counter()).start();
    const waited = waitFor(actor, ({ context }) => context > 1);
    actor.send(add);
    actor.send(add);
    note(await waited);
    const inVain = waitFor(actor, ({ context }) => context > 10);
    actor.stop();
    note(await inVain.catch((error: unknown) => error));
  },
  'is a promise of its output': async ({ create, note }) => {
    const machine = setup({}).createMachine({
      initial: 'a',
      states: { a: { on: { end: 'b' } }, b: { type: 'final' } },
      output: 42,
    });
    const actor = create(machine).start();
    const output = toPromise(actor);
    actor.send({ type: 'end' });
    note(await output);
    note(await toPromise(actor));
  },
  'is a rejected promise when it fails': async ({ create, note }) => {
    const actor = create(fromTransition(boom, 0)).start();
    const output = toPromise(actor).catch((error: unknown) => error);
    actor.send({ type: 'x' });
    note(await output);
  },
};
