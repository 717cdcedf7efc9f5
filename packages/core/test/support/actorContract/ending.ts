import { type AnyActorLogic, fromTransition, setup } from 'xstate';
import type { Cases } from './contractWorld.ts';

const counter = () => fromTransition((count: number) => count + 1, 0);
const failing = (error: unknown) =>
  fromTransition(() => {
    throw error;
  }, 0);
const finishing = () =>
  setup({}).createMachine({
    initial: 'a',
    states: { a: { on: { end: 'b' } }, b: { type: 'final' } },
    output: { score: 3 },
  });

/** Logic written out, for what no creator lets through. */
const custom = (parts: Partial<AnyActorLogic>): AnyActorLogic => ({
  getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined }),
  transition: (snapshot: unknown) => snapshot,
  getPersistedSnapshot: (snapshot) => snapshot,
  ...parts,
});
const raising = (message: string) => () => {
  throw new Error(message);
};

export const ending: Cases = {
  'is done with its last snapshot, then completes': ({ create, observe, note }) => {
    const actor = create(finishing()).start();
    observe('a', actor);
    actor.send({ type: 'end' });
    actor.send({ type: 'end' });
    note(actor.getSnapshot());
  },
  'can be done from the start': ({ create, observe, note }) => {
    const actor = create(setup({}).createMachine({ initial: 'a', states: { a: { type: 'final' } }, output: 1 }));
    observe('a', actor);
    note(actor.getSnapshot());
    actor.start();
  },
  'completes when it is stopped, and processes nothing after': ({ create, observe, note }) => {
    const actor = create(counter()).start();
    observe('a', actor);
    note(actor.stop() === actor);
    actor.send({ type: 'x' });
    actor.stop();
    note(actor.getSnapshot());
  },
  'can be stopped before it starts': ({ create, observe, note }) => {
    const actor = create(counter());
    observe('a', actor);
    actor.stop();
    actor.send({ type: 'x' });
    note(actor.getSnapshot());
  },
  'ends after the step in which it stops itself, without what is queued': ({ create, observe, note }) => {
    const machine = setup({
      actions: {
        end: ({ self }) => {
          self.send({ type: 'dropped' });
          self.stop();
          self.send({ type: 'behind' });
        },
        note: ({ event }) => note(event.type),
      },
    }).createMachine({
      initial: 'a',
      states: { a: { on: { go: { target: 'b', actions: 'end' } } }, b: { on: { '*': { actions: 'note' } } } },
    });
    const actor = create(machine).start();
    observe('a', actor);
    actor.send({ type: 'go' });
    note(actor.getSnapshot());
  },
  'drops the rest of a batch when one of it stops it': ({ create, note }) => {
    const logic = fromTransition((state: number, event: { type: string }, { self }) => {
      note(event.type);
      if (event.type === 'all') for (const type of ['one', 'end', 'two']) self.send({ type });
      if (event.type === 'end') self.stop();
      return state;
    }, 0);
    create(logic).start().send({ type: 'all' });
  },
  'drops what it sent itself in the step in which it was done': ({ create, observe, note }) => {
    const logic = custom({
      transition: (snapshot, { type }, { self }) => {
        note('answers', type);
        if (type === 'end') self.send({ type: 'dropped' });
        return { ...snapshot, status: 'done' };
      },
    });
    const actor = create(logic).start();
    observe('a', actor);
    actor.send({ type: 'end' });
  },
  'can be started again once stopped, without its earlier observers': ({ create, observe, note }) => {
    const actor = create(counter(), { systemId: 'again' }).start();
    observe('first', actor);
    actor.stop();
    note(actor.system.get('again'));
    observe('between', actor);
    actor.start();
    observe('second', actor);
    actor.send({ type: 'x' });
    note(actor.system.get('again') === actor);
  },
  'delivers nothing that is emitted after its end': ({ create, note }) => {
    let emitLater: (emitted: { type: string }) => void = () => {};
    const logic = custom({
      start: (_snapshot, { emit }) => {
        emitLater = emit;
      },
    });
    const actor = create(logic);
    actor.on('said', ({ type }) => note(type));
    actor.start();
    emitLater({ type: 'said' });
    actor.stop();
    emitLater({ type: 'said' });
  },
  'starts its logic only if its first snapshot is active': ({ create, observe, note }) => {
    for (const status of ['active', 'done', 'error', 'stopped'] as const) {
      const start = () => note(`starts from ${status}`);
      const getInitialSnapshot = () => ({ status, output: 1, error: 2 }) as never;
      const actor = create(custom({ start, getInitialSnapshot }));
      observe(status, actor);
      actor.start();
    }
  },
  'tells an observer that subscribes after the end how it ended': ({ create, observe }) => {
    const done = create(finishing()).start();
    done.send({ type: 'end' });
    observe('done', done);
    const failed = create(failing(new Error('early'))).start();
    failed.subscribe({ error: () => {} });
    failed.send({ type: 'x' });
    observe('failed', failed);
    failed.subscribe(() => {});
    const stopped = create(counter()).start();
    stopped.stop();
    observe('stopped', stopped).unsubscribe();
  },
  'fails when a transition throws, and tells its observers': ({ create, observe, note }) => {
    const actor = create(failing(new Error('boom'))).start();
    observe('a', actor);
    actor.send({ type: 'x' });
    actor.send({ type: 'x' });
    note(actor.getSnapshot());
  },
  'fails with whatever is thrown': ({ create, observe, note }) => {
    const actor = create(failing(undefined)).start();
    observe('a', actor);
    actor.send({ type: 'x' });
    note(actor.getSnapshot());
  },
  'reports its failure when it has no observers': ({ create }) => {
    create(failing(new Error('alone')))
      .start()
      .send({ type: 'x' });
  },
  'reports its failure when one observer does not listen to errors': ({ create, observe }) => {
    const actor = create(failing(new Error('half heard'))).start();
    actor.subscribe(() => {});
    observe('a', actor);
    actor.send({ type: 'x' });
  },
  'reports its failure when there are listeners only': ({ create }) => {
    const actor = create(failing(new Error('listened'))).start();
    actor.on('*', () => {});
    actor.send({ type: 'x' });
  },
  'reports an error listener that throws': ({ create, observe }) => {
    const actor = create(failing(new Error('first'))).start();
    actor.subscribe({ error: raising('second') });
    observe('a', actor);
    actor.send({ type: 'x' });
  },
  'fails at the start when its first snapshot could not be made': ({ create, observe, note }) => {
    const actor = create(custom({ getInitialSnapshot: raising('no beginning') }));
    observe('a', actor);
    note(actor.getSnapshot());
    actor.start();
  },
  'fails at the start when its snapshot cannot be restored': ({ create, observe }) => {
    const logic = custom({ restoreSnapshot: raising('not mine') });
    const actor = create(logic, { snapshot: { status: 'active', output: undefined, error: undefined } });
    observe('a', actor);
    actor.start();
  },
  'fails when its logic cannot start': ({ create, observe, note }) => {
    const actor = create(custom({ start: raising('no start') }));
    observe('a', actor);
    actor.start();
    note(actor.getSnapshot());
  },
  'runs deferred effects when the snapshot is in place, before it tells its observers': ({ create, observe, note }) => {
    const logic = custom({
      getInitialSnapshot: (scope) => {
        scope.defer(() => note('deferred at first'));
        return { status: 'active', output: undefined, error: undefined, count: 0 };
      },
      transition: (snapshot, _event, scope) => {
        scope.defer(() => {
          note('deferred', scope.self.getSnapshot());
          scope.defer(() => note('deferred by a deferred one'));
        });
        return { ...snapshot, count: snapshot.count + 1 };
      },
    });
    const actor = create(logic);
    observe('a', actor);
    actor.start();
    actor.send({ type: 'x' });
  },
  'fails when a deferred effect throws': ({ create, observe, note, inspect }) => {
    const logic = custom({
      transition: (snapshot, _event, { defer }) => {
        defer(raising('late'));
        defer(() => note('never'));
        return snapshot;
      },
    });
    const actor = create(logic, { id: 'a', inspect }).start();
    observe('a', actor);
    actor.send({ type: 'x' });
    note(actor.getSnapshot());
  },
  'fails when an initial action throws': ({ create, observe, note }) => {
    const actor = create(setup({ actions: { boom: raising('at once') } }).createMachine({ entry: 'boom' }));
    note(actor.getSnapshot().status);
    observe('a', actor);
    actor.start();
    note(actor.getSnapshot().status);
  },
  'takes on the status its logic returns': ({ create, observe }) => {
    for (const status of ['done', 'error', 'stopped'] as const) {
      const actor = create(
        custom({ transition: (snapshot) => ({ ...snapshot, status, output: 1, error: 2 }) }),
      ).start();
      observe(status, actor);
      actor.send({ type: 'x' });
    }
  },
};
