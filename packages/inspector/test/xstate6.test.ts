import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import type { ObservedStep } from '../src/observed/observedStep.ts';
import { MessageTrace } from '../src/record/messageTrace.ts';
import { polledActors } from '../src/stream/actorSource.ts';
import { ActorTable } from '../src/stream/actorTable.ts';
import { type XStateActor, xstateSupervisor } from '../src/xstate/xstateSupervisor.ts';

/** The part of XState 6 that the program below uses. */
interface XState6 {
  createMachine(config: object): object;
  createAsyncLogic(input: object): object;
  createActor(logic: object, options: object): XStateActor & { start(): XStateActor };
}

/** An alpha of XState 6, where npm still has it: the workspace asks for it, and does without. */
function alpha(): XState6 | undefined {
  try {
    return createRequire(import.meta.url)('xstate6');
  } catch (cause) {
    console.warn(`NOT TESTED on XState 6, whose alpha is not installed: ${String(cause).split('\n')[0]}`);
    return undefined;
  }
}

const xstate6 = alpha();

/** A house whose lamp takes a while to be warm, written as XState 6 wants it. */
function startHouse({ createMachine, createAsyncLogic, createActor }: XState6) {
  type Enqueue = { raise(event: object): void };
  const lamp = createMachine({
    id: 'lamp',
    initial: 'dark',
    states: {
      dark: {
        entry: () => {},
        on: {
          flip: (_: object, enq: Enqueue) => {
            enq.raise({ type: 'heat' });
            return { target: 'lit' };
          },
        },
      },
      lit: { on: { heat: { target: 'warm' } } },
      warm: { after: { 1000: { target: 'dark' } }, on: { flip: { target: 'burnt' } } },
      burnt: { type: 'final' },
    },
  });
  const house = createMachine({
    id: 'house',
    type: 'parallel',
    invoke: [
      { src: lamp, id: 'hall' },
      { src: createAsyncLogic({ run: () => new Promise(() => {}) }), id: 'wait' },
    ],
    states: { door: { initial: 'open', states: { open: {} } }, roof: { initial: 'whole', states: { whole: {} } } },
  });
  return createActor(house, { id: 'house' }).start();
}

it.skipIf(xstate6 === undefined)(
  'a plain XState 6 program is shown: actors, charts, steps, timers and messages',
  () => {
    const house = startHouse(xstate6 as XState6);
    const supervisor = xstateSupervisor(house);
    const table = new ActorTable();
    const source = polledActors(supervisor);
    const look = () => {
      table.begin();
      source.read(table);
      return table.revision;
    };
    const seen = look();
    const { entered } = table.since(0, 0);
    expect(entered.map(([, kind, name, , state]) => [kind, name, table.states.entries[state]?.[1]])).toEqual([
      ['actor:house', 'house', { door: 'open', roof: 'whole' }],
      ['actor:lamp', 'house/hall', 'dark'],
      ['actor', 'house/wait', 'active'],
    ]);
    const chart = supervisor.chartOf?.('actor:lamp');
    expect(chart?.states.map(({ path, initial, does }) => [path, initial, does])).toEqual([
      ['', 'dark', []],
      ['dark', undefined, ['inline']],
      ['lit', undefined, []],
      ['warm', undefined, expect.anything()],
      ['burnt', undefined, []],
    ]);
    expect(chart?.transitions).toEqual([
      { from: 'dark', on: 'flip', actions: ['inline'] },
      { from: 'lit', to: 'warm', on: 'heat', actions: [] },
      { from: 'warm', to: 'burnt', on: 'flip', actions: [] },
      { from: 'warm', to: 'dark', on: 'after 1000', actions: [] },
    ]);

    const { hall } = (house.getSnapshot() as { children: Record<string, XStateActor> }).children;
    const steps: ObservedStep[] = [];
    const leave = supervisor.observe?.(hall?.sessionId ?? '', (step) => steps.push(step));
    const trace = new MessageTrace(supervisor, hall?.sessionId ?? '', () => 0, 1_000);
    hall?.send?.({ type: 'flip' });
    const [step] = steps;
    expect(steps).toHaveLength(1);
    expect(step).toMatchObject({
      event: { type: 'flip' },
      raised: [{ type: 'heat' }],
      transitions: [{ source: 'lamp.dark' }, { source: 'lamp.lit', targets: ['lamp.warm'], eventType: 'heat' }],
      timers: [{ delayMs: 1_000 }],
    });
    expect(trace.take().messages).toEqual([{ at: 0, to: 'hall', type: 'flip' }]);
    trace.end();
    leave?.();
    look();
    const { changes } = table.since(seen, 0);
    expect(Array.from(changes.states, (state) => table.states.entries[state]?.[1])).toEqual(['warm']);
    house.stop?.();
  },
);
