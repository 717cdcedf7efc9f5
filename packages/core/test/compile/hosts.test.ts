/** Hosts of XState that reach into its actors, with the interpreter and with compiled charts. */
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AnyActorRef, type AnyStateMachine, assign, createActor, sendTo, setup } from 'xstate';
import { compile } from '../../src/index.ts';
import { StepClock } from '../support/stepClock.ts';

const require = createRequire(import.meta.url);

const inner = setup({}).createMachine({
  initial: 'busy',
  states: { busy: { after: { 150: 'rested' } }, rested: {} },
});

/** Waits, has a child that waits too, and calls an action when it is poked. */
const waiting = setup({
  types: {} as { context: { pokes: number } },
  actors: { inner },
  actions: { note: () => {}, count: assign({ pokes: ({ context }) => context.pokes + 1 }) },
  guards: { isAllowed: () => true },
}).createMachine({
  context: { pokes: 0 },
  initial: 'waiting',
  invoke: { src: 'inner', id: 'inner' },
  on: { poke: { guard: 'isAllowed', actions: ['count', 'note'] } },
  states: { waiting: { after: { 100: 'over' } }, over: {} },
});

const withCompiledChild = waiting.provide({ actors: { inner: compile(inner) as never } });
const logics: [string, (machine: AnyStateMachine) => AnyStateMachine][] = [
  ['interpreted', (machine) => machine],
  ['compiled', (machine) => compile(machine) as unknown as AnyStateMachine],
];

describe('the scheduler of a system', () => {
  const armed = () => {
    const clock = new StepClock();
    const actor = createActor(compile(withCompiledChild), { clock }).start();
    return { actor, clock, scheduler: actor.system.scheduler as unknown as AnyActorRef['system']['scheduler'] };
  };

  it('lists the delayed events of compiled charts and of their children', () => {
    const { actor } = armed();
    const { _scheduledEvents } = actor.system.getSnapshot() as { _scheduledEvents: Record<string, { delay: number }> };
    expect(Object.values(_scheduledEvents).map(({ delay }) => delay)).toEqual([100, 150]);
  });

  it('cancels them, one by one and together', () => {
    const { actor, clock, scheduler } = armed();
    scheduler.cancel(actor as never, 'xstate.after.100.(machine).waiting');
    expect(clock.due()).toEqual([150]);
    scheduler.cancelAll(actor.getSnapshot().children['inner'] as never);
    expect(clock.due()).toEqual([]);
  });

  it('leaves those of interpreted charts as they are', () => {
    const clock = new StepClock();
    const actor = createActor(compile(waiting), { clock }).start();
    expect(clock.due()).toEqual([100, 150]);
    actor.system.scheduler.cancelAll(actor.getSnapshot().children['inner'] as never);
    expect(clock.due()).toEqual([100]);
  });
});

describe('a compiled chart whose implementations are replaced', () => {
  it('goes on where it is, with the new ones, and keeps its coverage', () => {
    const calls: string[] = [];
    const machine = waiting.provide({ actions: { note: () => calls.push('first') } });
    const logic = compile(machine);
    const actor = createActor(logic, { clock: new StepClock() }).start();
    actor.send({ type: 'poke' });
    logic.implementations = waiting.provide({ actions: { note: () => calls.push('second') } }).implementations;
    actor.send({ type: 'poke' });
    logic.implementations = waiting.provide({ guards: { isAllowed: () => false } }).implementations;
    actor.send({ type: 'poke' });
    expect(calls).toEqual(['first', 'second']);
    expect(actor.getSnapshot().context.pokes).toBe(2);
    expect(logic.coverage().transitions.filter(({ eventType }) => eventType === 'poke')).toHaveLength(1);
    expect(logic.implementations).toBe(machine.implementations);
  });
});

describe('@xstate/react', () => {
  type Hooks = { useMachine(logic: AnyStateMachine): [{ value: unknown }, (event: object) => void, AnyActorRef] };
  type Element = { readonly isElement: true };
  type React = {
    createElement(type: unknown, props?: object | null, ...children: unknown[]): Element;
    StrictMode: unknown;
  };
  type Root = { render(element: Element): void; unmount(): void };
  type Globals = { window?: unknown; document?: { createElement(name: string): unknown }; [name: string]: unknown };

  const globals = globalThis as unknown as Globals;
  let react: React & { act(run: () => void): void };
  let hooks: Hooks;
  let createRoot: (container: unknown) => Root;

  beforeAll(async () => {
    const happyDom: string = 'happy-dom';
    const { Window } = await import(happyDom);
    globals.window = new Window();
    globals.document = (globals.window as { document: never }).document;
    // Node 20 has none.
    if (globals['navigator'] === undefined) globals['navigator'] = { userAgent: 'none', added: true };
    globals['IS_REACT_ACT_ENVIRONMENT'] = true;
    react = require('react');
    hooks = require('@xstate/react');
    createRoot = require('react-dom/client').createRoot;
  });
  afterAll(() => {
    for (const name of ['window', 'document', 'IS_REACT_ACT_ENVIRONMENT']) delete globals[name];
    if ((globals['navigator'] as { added?: true }).added) delete globals['navigator'];
  });
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A component under strict mode, which stops each actor once and starts it again on its snapshot. */
  function mounted(use: (word: string) => AnyStateMachine) {
    const shown: unknown[] = [];
    let actor: AnyActorRef | undefined;
    const Component = ({ word }: { word: string }) => {
      const [snapshot, , ref] = hooks.useMachine(use(word));
      actor = ref;
      shown.push(snapshot.value);
      return null;
    };
    const root = createRoot(globals.document?.createElement('div'));
    const render = (word: string) =>
      react.act(() =>
        root.render(react.createElement(react.StrictMode, null, react.createElement(Component, { word }))),
      );
    render('first');
    return {
      shown,
      render,
      actor: () => actor as AnyActorRef,
      pass: (ms: number) => react.act(() => void vi.advanceTimersByTime(ms)),
      unmount: () => react.act(() => root.unmount()),
    };
  }

  it.each(logics)('keeps the timers of an actor and of its children through strict mode: %s', (name, logicOf) => {
    const logic = logicOf(name === 'compiled' ? (withCompiledChild as never) : (waiting as never));
    const { actor, pass, shown, unmount } = mounted(() => logic);
    pass(99);
    expect(shown.at(-1)).toBe('waiting');
    pass(1);
    expect(shown.at(-1)).toBe('over');
    const child = () => actor().getSnapshot().children.inner.getSnapshot().value;
    expect(child()).toBe('busy');
    pass(50);
    expect(child()).toBe('rested');
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(logics)('has the implementations of the latest rendering count: %s', (_name, logicOf) => {
    const calls: string[] = [];
    const { actor, render, unmount } = mounted((word) =>
      logicOf(waiting.provide({ actions: { note: () => calls.push(word) } }) as never),
    );
    react.act(() => actor().send({ type: 'poke' }));
    render('second');
    react.act(() => actor().send({ type: 'poke' }));
    expect(calls).toEqual(['first', 'second']);
    expect(actor().getSnapshot().context).toEqual({ pokes: 2 });
    unmount();
  });
});

describe('@xstate/store', () => {
  it.each(logics)('has its stores as children of a chart: %s', async (_name, logicOf) => {
    const store: string = '@xstate/store';
    const { fromStore } = await import(store);
    const counter = fromStore({
      context: (start: number) => ({ count: start }),
      on: { add: ({ count }: { count: number }, { by }: { by: number }) => ({ count: count + by }) },
    });
    const seen: unknown[] = [];
    const machine = setup({ actors: { counter } }).createMachine({
      invoke: {
        src: 'counter',
        id: 'counter',
        input: 5,
        onSnapshot: { actions: ({ event }) => seen.push((event.snapshot as { context: unknown }).context) },
      },
      on: { more: { actions: sendTo('counter', { type: 'add', by: 2 } as never) } },
    });
    const actor = createActor(logicOf(machine as never)).start();
    actor.send({ type: 'more' });
    actor.send({ type: 'more' });
    expect(actor.getSnapshot().children['counter']?.getSnapshot().context).toEqual({ count: 9 });
    expect(seen).toEqual([{ count: 5 }, { count: 7 }, { count: 9 }]);
    const saved = actor.getPersistedSnapshot();
    const restored = createActor(logicOf(machine as never), { snapshot: saved }).start();
    expect(restored.getSnapshot().children['counter']?.getSnapshot().context).toEqual({ count: 9 });
  });
});
