import { assign, cancel, createActor, fromTransition, log, raise, setup } from 'xstate';
import type { Cases } from './contractWorld.ts';

const counter = setup({
  types: { context: {} as { count: number }, events: {} as { type: 'add'; by: number } | { type: 'reset' } },
  guards: { isPositive: ({ event }) => event.type === 'add' && event.by > 0 },
}).createMachine({
  context: { count: 0 },
  initial: 'low',
  states: {
    low: {
      on: {
        add: { guard: 'isPositive', actions: assign({ count: ({ context, event }) => context.count + event.by }) },
      },
      always: { guard: ({ context }) => context.count > 9, target: 'high' },
    },
    high: { on: { reset: { target: 'low', actions: assign({ count: 0 }) } } },
  },
});

export const events: Cases = {
  'moves through guards, assigns and eventless transitions': ({ create, observe, note }) => {
    const actor = create(counter);
    observe('a', actor);
    actor.start();
    for (const by of [3, -1, 8]) actor.send({ type: 'add', by });
    actor.send({ type: 'reset' });
    note(actor.getSnapshot().matches('low'), actor.getSnapshot().can({ type: 'add', by: 1 }));
  },
  'tells observers of events that change nothing': ({ create, observe }) => {
    const actor = create(counter).start();
    observe('a', actor);
    actor.send({ type: 'unheard of' } as never);
  },
  'queues what is sent before the start': ({ create, observe, note }) => {
    const actor = create(counter);
    actor.send({ type: 'add', by: 2 });
    note(actor.getSnapshot());
    observe('a', actor);
    actor.start();
  },
  'ignores a second start': ({ create, observe, note }) => {
    const actor = create(counter).start();
    observe('a', actor);
    note(actor.start() === actor);
  },
  'runs entry and exit actions in order': ({ create, note }) => {
    const machine = setup({ actions: { note: (_, name: string) => note(name) } }).createMachine({
      entry: { type: 'note', params: 'root in' },
      initial: 'a',
      states: {
        a: { entry: { type: 'note', params: 'a in' }, exit: { type: 'note', params: 'a out' }, on: { go: 'b' } },
        b: { entry: { type: 'note', params: 'b in' } },
      },
    });
    const actor = create(machine);
    note('created');
    actor.start();
    actor.send({ type: 'go' });
  },
  'processes an event sent to itself inside of an action after the present one': ({ create, observe, note }) => {
    const machine = setup({
      actions: { again: ({ self }) => self.send({ type: 'second' }), note: ({ event }) => note(event.type) },
    }).createMachine({ on: { first: { actions: ['again', 'note'] }, second: { actions: 'note' } } });
    const actor = create(machine).start();
    observe('a', actor);
    actor.send({ type: 'first' });
  },
  'processes an event sent to itself on entry once it has started': ({ create, observe }) => {
    const machine = setup({ actions: { go: ({ self }) => self.send({ type: 'go' }) } }).createMachine({
      initial: 'a',
      states: { a: { entry: 'go', on: { go: 'b' } }, b: {} },
    });
    const actor = create(machine);
    observe('a', actor);
    actor.start();
  },
  'raises events within one step': ({ create, observe }) => {
    const machine = setup({}).createMachine({
      initial: 'a',
      states: { a: { on: { go: { target: 'b', actions: raise({ type: 'on' }) } } }, b: { on: { on: 'c' } }, c: {} },
    });
    const actor = create(machine).start();
    observe('a', actor);
    actor.send({ type: 'go' });
  },
  'processes what an observer sends after all observers were told': ({ create, observe }) => {
    const actor = create(counter).start();
    actor.subscribe(({ context }) => context.count < 3 && actor.send({ type: 'add', by: 1 }));
    observe('a', actor);
    actor.send({ type: 'add', by: 1 });
  },
  'plays ping-pong with another actor, nested and in order': ({ create, note }) => {
    const player = (name: string) =>
      fromTransition((count: number, event: { type: 'hit'; from: { send(event: object): void } }, { self }) => {
        note(name, count);
        if (count < 4) event.from.send({ type: 'hit', from: self });
        note(name, 'done', count);
        return count + 1;
      }, 0);
    const ping = create(player('ping')).start();
    const pong = create(player('pong')).start();
    ping.send({ type: 'hit', from: pong });
    note(ping.getSnapshot(), pong.getSnapshot());
  },
  'keeps the order of a long re-entrant burst': ({ create, note }) => {
    const logic = fromTransition((seen: number[], { at }: { type: 'at'; at: number }, { self }) => {
      if (at < 100) for (const next of [2 * at, 2 * at + 1]) self.send({ type: 'at', at: next });
      return [...seen, at];
    }, [] as number[]);
    const actor = create(logic).start();
    actor.send({ type: 'at', at: 1 });
    note(actor.getSnapshot().context);
  },
  'waits out delays on the clock of its system': ({ create, observe, clock }) => {
    const machine = setup({}).createMachine({
      initial: 'a',
      states: { a: { after: { 100: 'b' } }, b: { after: { 50: 'c' }, on: { back: 'a' } }, c: {} },
    });
    const actor = create(machine, { clock });
    observe('a', actor);
    actor.start();
    clock.increment(100);
    actor.send({ type: 'back' });
    clock.increment(60);
    clock.increment(40);
    clock.increment(50);
  },
  'cancels a delayed event by its id': ({ create, observe, clock, inspect }) => {
    const machine = setup({}).createMachine({
      entry: [raise({ type: 'late' }, { delay: 100, id: 'late' }), raise({ type: 'later' }, { delay: 150 })],
      on: { drop: { actions: cancel('late') } },
    });
    const actor = create(machine, { id: 'root', clock, inspect }).start();
    actor.send({ type: 'drop' });
    observe('a', actor);
    clock.increment(200);
  },
  'drops its delayed events when it is stopped': ({ create, note, clock }) => {
    const machine = setup({ actions: { note: () => note('fired') } }).createMachine({
      after: { 100: { actions: 'note' } },
    });
    const actor = create(machine, { clock }).start();
    actor.stop();
    note((clock as unknown as { timeouts: Map<unknown, unknown> }).timeouts.size);
    clock.increment(200);
  },
  'logs to the logger of its system': ({ create, note }) => {
    const machine = setup({}).createMachine({ entry: log('hello', 'greeting') });
    create(machine, { logger: (...said) => note('logged', ...said) }).start();
  },
  'takes input': ({ create, note }) => {
    const machine = setup({ types: { input: {} as { start: number } } }).createMachine({
      context: ({ input }) => ({ count: input.start }),
    });
    note(create(machine, { input: { start: 7 } }).getSnapshot());
  },
  'has the names it is given': ({ create, note }) => {
    const actor = create(counter, { id: 'named' });
    const nameless = create(counter);
    note(actor.id, JSON.parse(JSON.stringify(actor)), nameless.id === nameless.sessionId, actor.src === counter);
    note(actor.sessionId !== nameless.sessionId, actor.system !== nameless.system, actor.systemId);
  },
  'lives in the system of an ordinary parent': ({ create, note }) => {
    const parent = createActor(counter).start();
    const child = create(counter, { parent, id: 'child', systemId: 'the child' }).start();
    note(child.system === parent.system, child._parent === parent, parent.system.get('the child') === child);
  },
};
