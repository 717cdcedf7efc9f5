import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AnyActorLogic, assign, createActor, createMachine, setup } from 'xstate';
import { compile, createLeanActor, UnsupportedFeatureError } from '../../src/index.ts';
import { StepClock } from '../support/stepClock.ts';
import { counting, outcome, strays } from '../support/strayEvents.ts';

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('an event that is none of the chart’s own does what it does in the interpreter', () => {
  it.each(strays)('%s', (_name, sent) => {
    expect(outcome(compile(counting), sent)).toEqual(outcome(counting, sent));
  });

  it.each(strays)('%s, under a lean actor', (_name, sent) => {
    expect(outcome(compile(counting), sent, createLeanActor as never)).toEqual(outcome(counting, sent));
  });
});

describe('a name without an implementation, where `missing` is `defer`,', () => {
  const absent = createMachine({
    id: 'absent',
    initial: 'x',
    states: {
      x: {
        on: {
          guard: { guard: 'nowhere', target: 'y' },
          actor: 'invoking',
          delay: 'waiting',
        },
      },
      y: {},
      invoking: { invoke: { src: 'nobody', id: 'child' }, on: { next: 'y' } },
      waiting: { after: { sometime: 'y' } },
    },
  } as never);

  it.each(['guard', 'actor', 'delay'])('does what the interpreter does when it comes to use it: %s', (type) => {
    expect(() => compile(absent)).toThrow(UnsupportedFeatureError);
    const compiled = compile(absent, { missing: 'defer' }) as AnyActorLogic;
    expect(outcome(compiled, { type })).toEqual(outcome(absent, { type }));
  });

  it('may be implemented later', () => {
    const logic = compile(absent, { missing: 'defer' });
    const actor = createActor(logic).start();
    logic.implementations = absent.provide({ guards: { nowhere: () => true } } as never).implementations;
    actor.send({ type: 'guard' } as never);
    expect(actor.getSnapshot().value).toBe('y');
  });
});

describe('a compiled chart does as the interpreter in the small', () => {
  const same = (machine: Parameters<typeof compile>[0], ...types: string[]) => {
    const [expected, seen] = [machine, compile(machine)].map((logic) => {
      const actor = createActor(logic as AnyActorLogic, { clock: new StepClock() });
      actor.subscribe({ error: () => {} });
      actor.start();
      for (const type of types) actor.send({ type });
      const { status, value, context, children, error } = actor.getSnapshot();
      const plain = Object.fromEntries(Object.entries(context).filter(([, held]) => typeof held !== 'object'));
      return { status, value, plain, children: Object.keys(children), error: (error as Error | undefined)?.message };
    });
    expect(seen).toEqual(expected);
    return seen;
  };

  it('when an assigner spreads its arguments and spawns', () => {
    const child = createMachine({});
    const machine = createMachine({
      context: {},
      on: {
        a: {
          actions: assign((args) => {
            const all = { ...args };
            return { ref: all.spawn(child, { id: 'one' }) };
          }),
        },
        b: { actions: assign({ ref: ({ ...rest }) => rest.spawn(child, { id: 'two' }) }) },
      },
    });
    expect(same(machine, 'a', 'b')?.children).toEqual(['one', 'two']);
  });

  it('when `__proto__` is assigned', () => {
    const forged = JSON.parse('{ "__proto__": { "isAdmin": true }, "n": 1 }');
    const machine = createMachine({
      context: { n: 0 },
      on: {
        a: { actions: assign(() => forged) },
        b: { actions: assign({ ['__proto__']: () => ({ isAdmin: true }), n: 2 } as never) },
      },
    });
    for (const types of [['a'], ['b'], ['a', 'b']]) same(machine, ...types);
    const actor = createActor(compile(machine)).start();
    actor.send({ type: 'a' });
    expect(Object.keys(actor.getSnapshot().context)).toEqual(['n']);
  });

  it('when keys have dots, and history points at them', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'a.b',
      states: {
        'a.b': { on: { go: 'c.past' } },
        c: {
          initial: 'd',
          states: { d: {}, 'e.f': { on: { go: '#m.a\\.b' } }, past: { type: 'history', target: 'e\\.f' } },
        },
      },
    });
    expect(same(machine, 'go')?.value).toEqual({ c: 'e.f' });
    same(machine, 'go', 'go', 'go');
  });

  it('when guards inside of `and`, `or` and `not` have params', async () => {
    const { and, not, or } = await import('xstate');
    const named = setup({
      types: {} as { context: { n: number } },
      guards: { above: ({ context }, { least }: { least: number }) => context.n > least },
      actions: { bump: assign({ n: ({ context }) => context.n + 1 }) },
    });
    const above = (least: number) => ({ type: 'above' as const, params: { least } });
    const dynamic = {
      type: 'above' as const,
      params: ({ context }: { context: { n: number } }) => ({ least: context.n - 1 }),
    };
    const machine = named.createMachine({
      context: { n: 0 },
      initial: 'low',
      states: {
        low: {
          on: {
            go: [
              { guard: and([above(1), or([above(9), not(above(3))]), dynamic]) as never, target: 'high' },
              { actions: 'bump' },
            ],
          },
        },
        high: {},
      },
    });
    expect(same(machine, 'go', 'go', 'go')?.value).toBe('high');
  });
});
