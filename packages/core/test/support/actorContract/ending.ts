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
  'is done with its last snapshot, then completes': ({ create, follow, note }) => {
    const actor = create(finishing()).start();
    follow('a', actor);
    actor.send({ type: 'end' });
    actor.send({ type: 'end' });
    note(actor.getSnapshot());
  },
  'can be done from the start': ({ create, follow, note }) => {
    const actor = create(setup({}).createMachine({ initial: 'a', states: { a: { type: 'final' } }, output: 1 }));
    follow('a', actor);
    note(actor.getSnapshot());
    actor.start();
  },
  'completes when it is stopped, and hears nothing after': ({ create, follow, note }) => {
    const actor = create(counter()).start();
    follow('a', actor);
    note(actor.stop() === actor);
    actor.send({ type: 'x' });
    actor.stop();
    note(actor.getSnapshot());
  },
  'can be stopped before it starts': ({ create, follow, note }) => {
    const actor = create(counter());
    follow('a', actor);
    actor.stop();
    actor.send({ type: 'x' });
    note(actor.getSnapshot());
  },
  'ends after the step in which it stops itself, without what is queued': ({ create, follow, note }) => {
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
    follow('a', actor);
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
  'drops what it sent itself in the step in which it was done': ({ create, follow, note }) => {
    const logic = custom({
      transition: (snapshot, { type }, { self }) => {
        note('answers', type);
        if (type === 'end') self.send({ type: 'dropped' });
        return { ...snapshot, status: 'done' };
      },
    });
    const actor = create(logic).start();
    follow('a', actor);
    actor.send({ type: 'end' });
  },
  'can be started again once stopped, without those who followed it': ({ create, follow, note }) => {
    const actor = create(counter(), { systemId: 'again' }).start();
    follow('first', actor);
    actor.stop();
    note(actor.system.get('again'));
    follow('between', actor);
    actor.start();
    follow('second', actor);
    actor.send({ type: 'x' });
    note(actor.system.get('again') === actor);
  },
  'lets nobody hear what is emitted after its end': ({ create, note }) => {
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
  'starts its logic only if its first snapshot is active': ({ create, follow, note }) => {
    for (const status of ['active', 'done', 'error', 'stopped'] as const) {
      const start = () => note(`starts from ${status}`);
      const getInitialSnapshot = () => ({ status, output: 1, error: 2 }) as never;
      const actor = create(custom({ start, getInitialSnapshot }));
      follow(status, actor);
      actor.start();
    }
  },
  'tells latecomers how it ended': ({ create, follow }) => {
    const done = create(finishing()).start();
    done.send({ type: 'end' });
    follow('done', done);
    const failed = create(failing(new Error('early'))).start();
    failed.subscribe({ error: () => {} });
    failed.send({ type: 'x' });
    follow('failed', failed);
    failed.subscribe(() => {});
    const stopped = create(counter()).start();
    stopped.stop();
    follow('stopped', stopped).unsubscribe();
  },
  'fails when a transition throws, and tells its followers': ({ create, follow, note }) => {
    const actor = create(failing(new Error('boom'))).start();
    follow('a', actor);
    actor.send({ type: 'x' });
    actor.send({ type: 'x' });
    note(actor.getSnapshot());
  },
  'fails with whatever is thrown': ({ create, follow, note }) => {
    const actor = create(failing(undefined)).start();
    follow('a', actor);
    actor.send({ type: 'x' });
    note(actor.getSnapshot());
  },
  'reports its failure when nobody follows': ({ create }) => {
    create(failing(new Error('alone')))
      .start()
      .send({ type: 'x' });
  },
  'reports its failure when one follower does not listen to errors': ({ create, follow }) => {
    const actor = create(failing(new Error('half heard'))).start();
    actor.subscribe(() => {});
    follow('a', actor);
    actor.send({ type: 'x' });
  },
  'reports its failure when there are listeners only': ({ create }) => {
    const actor = create(failing(new Error('listened'))).start();
    actor.on('*', () => {});
    actor.send({ type: 'x' });
  },
  'reports an error listener that throws': ({ create, follow }) => {
    const actor = create(failing(new Error('first'))).start();
    actor.subscribe({ error: raising('second') });
    follow('a', actor);
    actor.send({ type: 'x' });
  },
  'fails at the start when its first snapshot could not be made': ({ create, follow, note }) => {
    const actor = create(custom({ getInitialSnapshot: raising('no beginning') }));
    follow('a', actor);
    note(actor.getSnapshot());
    actor.start();
  },
  'fails at the start when its snapshot cannot be restored': ({ create, follow }) => {
    const logic = custom({ restoreSnapshot: raising('not mine') });
    const actor = create(logic, { snapshot: { status: 'active', output: undefined, error: undefined } });
    follow('a', actor);
    actor.start();
  },
  'fails when its logic cannot start': ({ create, follow, note }) => {
    const actor = create(custom({ start: raising('no start') }));
    follow('a', actor);
    actor.start();
    note(actor.getSnapshot());
  },
  'runs deferred effects when the snapshot is in place, before it tells anybody': ({ create, follow, note }) => {
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
    follow('a', actor);
    actor.start();
    actor.send({ type: 'x' });
  },
  'fails when a deferred effect throws': ({ create, follow, note, inspect }) => {
    const logic = custom({
      transition: (snapshot, _event, { defer }) => {
        defer(raising('late'));
        defer(() => note('never'));
        return snapshot;
      },
    });
    const actor = create(logic, { id: 'a', inspect }).start();
    follow('a', actor);
    actor.send({ type: 'x' });
    note(actor.getSnapshot());
  },
  'fails when an initial action throws': ({ create, follow, note }) => {
    const actor = create(setup({ actions: { boom: raising('at once') } }).createMachine({ entry: 'boom' }));
    note(actor.getSnapshot().status);
    follow('a', actor);
    actor.start();
    note(actor.getSnapshot().status);
  },
  'becomes what its logic says it is': ({ create, follow }) => {
    for (const status of ['done', 'error', 'stopped'] as const) {
      const actor = create(
        custom({ transition: (snapshot) => ({ ...snapshot, status, output: 1, error: 2 }) }),
      ).start();
      follow(status, actor);
      actor.send({ type: 'x' });
    }
  },
};
