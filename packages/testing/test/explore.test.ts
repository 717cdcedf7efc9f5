import { InvalidOptionError, monitorMachine, sessionMachine } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { assign, createMachine, emit, fromPromise, raise, setup } from 'xstate';
import { explore, exploreProduct } from '../src/index.ts';

const lift = setup({ types: { context: {} as { floor: number } } }).createMachine({
  id: 'lift',
  context: { floor: 0 },
  initial: 'standing',
  states: {
    standing: {
      on: {
        up: {
          guard: ({ context }) => context.floor < 2,
          target: 'moving',
          actions: assign({ floor: ({ context }) => context.floor + 1 }),
        },
        down: { target: 'moving', actions: assign({ floor: ({ context }) => context.floor - 1 }) },
      },
    },
    moving: { after: { 1000: 'standing' }, on: { jam: 'stuck' } },
    stuck: {},
  },
});
const calls = [{ type: 'up' }, { type: 'down' }];

describe('explore', () => {
  it('finds the shortest path to each law that is broken, and says what broke it', () => {
    const { violations } = explore(lift, {
      events: calls,
      depth: 6,
      laws: {
        'never below -1': ({ context }) => context.floor >= -1,
        'never stuck': ({ value }) => value !== 'stuck',
        'never two floors at once': ({ context }, cause) =>
          cause === undefined || Math.abs(context.floor - cause.before.context.floor) <= 1,
        'reads no map': ({ context }) => {
          if (context.floor === 1) throw new Error('no map');
          return true;
        },
      },
    });
    expect(violations).toMatchObject([
      { law: 'reads no map', path: [{ type: 'up' }], error: { message: 'no map' } },
      { law: 'never below -1', path: [{ type: 'down' }, { type: 'xstate.after.1000.lift.moving' }, { type: 'down' }] },
    ]);
  });

  it('says which states and transitions nothing led to', () => {
    const { coverage, states, isComplete } = explore(lift, { events: calls, depth: 4 });
    expect(coverage.states).toEqual({
      all: ['lift', 'lift.standing', 'lift.moving', 'lift.stuck'],
      missing: ['lift.stuck'],
    });
    expect(coverage.transitions.missing).toEqual(['lift.moving jam -> stuck']);
    expect([states, isComplete]).toEqual([10, false]);
  });

  it('takes several explorations as one: what one does not reach, another may', () => {
    const limits = { depth: 4, maxStates: 50 };
    const laws = { 'never stuck': ({ value }: { value: unknown }) => value !== 'stuck' };
    const [up, jam] = [
      { events: [{ type: 'up' }], laws, ...limits },
      { events: [{ type: 'jam' }], laws, ...limits },
    ];
    const both = { events: [...up.events, ...jam.events], laws, ...limits };
    expect(explore(lift, jam).coverage.states.missing).toEqual(['lift.moving', 'lift.stuck']);
    const { coverage, states, steps, violations } = explore(lift, up, jam, both, both);
    expect(coverage.states.missing).toEqual([]);
    expect(violations.map(({ law }) => law)).toEqual(['never stuck']);
    const alone = [up, jam, both, both].map((options) => explore(lift, options));
    const sum = (name: 'states' | 'steps') => alone.reduce((total, found) => total + found[name], 0);
    expect([states, steps]).toEqual([sum('states'), sum('steps')]);
  });

  it('counts states that are only passed through, and none of history', () => {
    const machine = createMachine({
      id: 'passing',
      initial: 'a',
      states: {
        a: { on: { go: 'b' } },
        b: { id: 'between', always: 'c' },
        c: { initial: 'd', states: { d: {}, back: { history: 'deep' }, past: { type: 'history' } } },
      },
    });
    const { coverage } = explore(machine, { events: [{ type: 'go' }] });
    expect(coverage.states).toEqual({
      all: ['passing', 'passing.a', 'between', 'passing.c', 'passing.c.d'],
      missing: [],
    });
  });

  it('lets an invoked actor say something only while it is there', () => {
    const load = fromPromise(async () => 'loaded');
    const machine = setup({ actors: { load } }).createMachine({
      id: 'loader',
      initial: 'idle',
      states: {
        idle: { on: { go: 'loading', 'xstate.done.actor.other': 'told' } },
        loading: { invoke: { src: 'load', id: 'load', onDone: 'told', onError: 'idle' } },
        told: {},
      },
    });
    const events = ['go', ...['done', 'error'].map((end) => `xstate.${end}.actor.load`), 'xstate.done.actor.other'];
    const laws = {
      'nothing comes of an actor that is not there': (
        _: unknown,
        cause?: { before: { value: unknown }; event: { type: string } },
      ) => cause?.before.value === 'loading' || cause?.event.type.endsWith('.load') !== true,
    };
    const { violations, steps } = explore(machine, { events: events.map((type) => ({ type })), laws });
    expect([violations, steps]).toEqual([[], 8]);
    const { violations: inProduct } = exploreProduct(
      { machine },
      {
        events: events.map((type) => ({ to: 'machine', event: { type } })),
        laws: {
          'nothing comes of an actor that is not there': (_, cause) =>
            cause?.before['machine']?.value === 'loading' || cause?.step.event.type.endsWith('.load') !== true,
        },
      },
    );
    expect(inProduct).toEqual([]);
  });

  it('is complete when no limit kept it from a state', () => {
    const events = [{ type: 'up' }, { type: 'jam' }];
    const whole = explore(lift, { events });
    expect([whole.isComplete, whole.states]).toEqual([true, 7]);
    expect(explore(lift, { events, maxStates: 6 })).toMatchObject({ isComplete: false, states: 6 });
    expect(explore(lift, { events, delays: false }).states).toBe(3);
    expect(explore(lift, { events: calls, remembers: () => 0 })).toMatchObject({ isComplete: true, states: 2 });
  });

  it('names every kind of transition, and runs no action', () => {
    const ran: string[] = [];
    const machine = setup({ actors: { load: fromPromise(async () => 'loaded') } }).createMachine({
      id: 'all',
      invoke: { src: 'load', id: 'load', onDone: '.b', onError: [{ guard: () => false, target: '.a' }, '.a'] },
      entry: () => ran.push('entry'),
      initial: 'a',
      states: {
        a: {
          always: { guard: ({ event }) => event.type === 'go', target: 'b' },
          on: { go: { actions: raise({ type: 'next' }) } },
        },
        b: { initial: 'c', states: { c: { on: { end: 'd' } }, d: { type: 'final' } }, onDone: 'e' },
        e: { type: 'final' },
      },
    });
    const events = [
      { type: 'go' },
      { type: 'end' },
      { type: 'xstate.done.actor.load' },
      { type: 'xstate.error.actor.load' },
    ];
    const { coverage } = explore(machine, { events });
    expect(coverage.transitions.missing).toEqual(['all load error 1 -> .a']);
    expect(coverage.transitions.all).toHaveLength(7);
    expect(ran).toEqual([]);
  });

  it('reports a guard or an assigner that throws', () => {
    const machine = createMachine({ on: { go: { guard: () => JSON.parse('{'), actions: [] } } });
    expect(explore(machine, { events: [{ type: 'go' }] }).violations).toMatchObject([
      { law: 'no step throws', path: [{ type: 'go' }] },
    ]);
  });

  it('reaches what the charts of core have', () => {
    const { coverage } = explore(sessionMachine, {
      input: { id: '1', settings: { closeTimeoutMs: 10, onPeerGoaway: 'stay' }, listener: { send: () => {} } },
      events: [{ type: 'end', reason: 'peer' }, { type: 'force', reason: 'forced' }, { type: 'connection.closed' }],
      remembers: () => 0,
    });
    expect(coverage.states.missing).toEqual(['session.draining']);
    expect(coverage.transitions.all.length).toBeLessThan(50);
    expect(monitorMachine.id).toBe('monitor');
  });

  it.each([
    [{ events: 'go' }, 'explore.events'],
    [{ events: [{}] }, 'explore.events'],
    [{ events: [], depth: -1 }, 'explore.depth'],
    [{ events: [], maxStates: 0 }, 'explore.maxStates'],
    [{ events: [], laws: { always: true } }, 'explore.laws'],
    [{ events: [], until: 3 }, 'explore.until'],
  ])('refuses the options %o', (options, name) => {
    expect(() => explore(lift, options as never)).toThrow(InvalidOptionError);
    expect(() => explore(lift, options as never)).toThrow(name);
  });
});

describe('exploreProduct', () => {
  const client = createMachine({
    id: 'client',
    initial: 'idle',
    states: {
      idle: { on: { ask: { target: 'asking', actions: emit({ type: 'request' }) } } },
      asking: { on: { answer: 'idle', cancel: { target: 'idle', actions: emit({ type: 'forget' }) } } },
    },
  });
  const server = createMachine({
    id: 'server',
    initial: 'idle',
    states: {
      idle: { on: { request: 'busy' } },
      busy: {
        on: { forget: 'idle' },
        after: { 100: { target: 'idle', actions: emit({ type: 'answer' }) } },
      },
    },
  });
  const ask = { to: 'client', event: { type: 'ask' } };
  const cancel = { to: 'client', event: { type: 'cancel' } };
  const connect = (from: string, event: { type: string }) => ({ to: from === 'client' ? 'server' : 'client', event });

  it('takes every order in which messages may arrive, those of one pair in their own', () => {
    const { violations, coverage } = exploreProduct(
      { client, server },
      {
        events: [ask, cancel],
        connect,
        depth: 8,
        laws: {
          'the server is busy only while somebody asks': ({ client, server }) =>
            client?.value === 'asking' || server?.value === 'idle',
          'nobody is answered who does not ask': (_, cause) =>
            cause?.step.event.type !== 'answer' || cause.before['client']?.value === 'asking',
        },
      },
    );
    const [idle, late] = violations;
    expect(violations.map(({ law }) => law)).toEqual([
      'the server is busy only while somebody asks',
      'nobody is answered who does not ask',
    ]);
    expect(idle?.path).toEqual([ask, cancel, { to: 'server', event: { type: 'request' } }]);
    expect([late?.path.length, late?.path.at(-1)]).toEqual([5, { to: 'client', event: { type: 'answer' } }]);
    expect(Object.values(coverage).map(({ transitions }) => transitions.missing)).toEqual([[], []]);
  });

  it('delivers nothing without a connection, and refuses an event to nobody', () => {
    const alone = exploreProduct({ client, server }, { events: [ask, cancel] });
    expect([alone.states, alone.isComplete, alone.coverage['server']?.states.missing]).toEqual([
      2,
      true,
      ['server.busy'],
    ]);
    expect(() => exploreProduct({ client }, { events: [{ to: 'server', event: { type: 'ask' } }] })).toThrow(
      'exploreProduct.events',
    );
  });
});
