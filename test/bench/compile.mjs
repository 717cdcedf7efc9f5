// What an event costs through a compiled chart, beside XState's interpreter and beside a plain method call.
//   node --expose-gc test/bench/compile.mjs
// What is left of an event that only assigns, or that nobody takes, is mostly XState's own actor: its relay, mailbox and
// update, which any logic pays for. Those two rows stay below fifteen times for that; a lean actor pays less.
// Of an event that assigns, a profile says: 18 % collection of garbage, most of it snapshots, which have all of XState's
// fifteen properties as their own since copies of them must be whole; 20 % the assigner; 10 % the macrostep; 5 % XState's relay.
import { createRequire } from 'node:module';
import { compile, watchTransitions } from '../../packages/core/dist/index.js';
import { interleave, nsPerCall } from './interleave.mjs';
import { report, short } from './report.mjs';

const { assign, createActor, emit, raise, setup } = createRequire(
  new URL('../../packages/core/package.json', import.meta.url),
)('xstate');

// A clock whose timers cost nothing, so that the chart is what is measured.
const clock = { setTimeout: () => 1, clearTimeout: () => {} };

const named = setup({
  actions: {
    count: assign({ count: ({ context: { count } }) => count + 1 }),
    note: ({ context: { count } }) => {
      total += count;
    },
  },
  guards: { isFinite: ({ context: { count } }) => count < Number.MAX_SAFE_INTEGER },
});
let total = 0;
const context = { count: 0, name: 'bench' };
const flip = { guard: 'isFinite', actions: 'count' };

/** Each chart answers `{ type: 'go' }`. */
const charts = {
  'state change, guard, assign': named.createMachine({
    context,
    initial: 'a',
    states: { a: { on: { go: { target: 'b', ...flip } } }, b: { on: { go: { target: 'a', ...flip } } } },
  }),
  'assign alone': named.createMachine({ context, on: { go: { actions: 'count' } } }),
  'state change, four actions': named.createMachine({
    context,
    initial: 'a',
    states: {
      a: { entry: 'note', exit: 'note', on: { go: { target: 'b', actions: ['count', 'note'] } } },
      b: { entry: 'note', exit: 'note', on: { go: { target: 'a', actions: ['count', 'note'] } } },
    },
  }),
  'two regions change': named.createMachine({
    context,
    type: 'parallel',
    states: Object.fromEntries(
      ['left', 'right'].map((region) => [
        region,
        { initial: 'a', states: { a: { on: { go: { target: 'b', ...flip } } }, b: { on: { go: 'a' } } } },
      ]),
    ),
  }),
  'raise, always, emit': named.createMachine({
    context,
    initial: 'a',
    states: {
      a: { on: { go: { actions: raise({ type: 'next' }) }, next: 'b' } },
      b: { always: { target: 'a', actions: ['count', emit({ type: 'passed' })] } },
    },
  }),
  'timer armed and disarmed': named.createMachine({
    context,
    initial: 'a',
    states: { a: { after: { 1000: 'b' }, on: { go: { target: 'a', reenter: true } } }, b: {} },
  }),
  'nobody takes it': named.createMachine({ context, initial: 'a', states: { a: { on: { other: 'b' } }, b: {} } }),
};

if (globalThis.gc === undefined) throw new Error('Run with node --expose-gc');

const event = { type: 'go' };
const sending = (calls, actor) => {
  actor.start();
  return () => ({
    ns: nsPerCall(calls, (count) => {
      for (let call = 0; call < count; call++) actor.send(event);
    }),
  });
};

class Counter {
  count = 0;
  state = 'a';
  send({ type }) {
    if (type === 'go' && this.count < Number.MAX_SAFE_INTEGER) {
      this.state = this.state === 'a' ? 'b' : 'a';
      this.count++;
    }
  }
}
const counter = new Counter();
const callMethod = () => ({
  ns: nsPerCall(2_000_000, (count) => {
    for (let call = 0; call < count; call++) counter.send(event);
  }),
});

const watched = (machine, observer) => {
  const actor = createActor(compile(machine), { clock });
  watchTransitions(actor, observer);
  return actor;
};

const rows = {};
for (const [name, machine] of Object.entries(charts)) {
  const { ns: medians } = await interleave(
    {
      interpreter: sending(5_000, createActor(machine, { clock })),
      compiled: sending(100_000, createActor(compile(machine), { clock })),
      'dirty bit': sending(100_000, watched(machine, undefined)),
      'full detail': sending(
        50_000,
        watched(machine, () => {}),
      ),
      'method call': callMethod,
    },
    { rounds: 11 },
  );
  rows[name] = {
    ...Object.fromEntries(Object.entries(medians).map(([variant, ns]) => [`${variant}, ns`, short(ns)])),
    'interpreter / compiled': short(medians.interpreter / medians.compiled),
  };
}

// Parallel states: every combination of their regions is a configuration, and random events meet a new one each time.
const STATES = 5;
let seed = 18;
const pick = (values) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return values[Math.floor((seed / 2 ** 31) * values.length)];
};
const regionOf = (name) => ({
  initial: 's0',
  states: Object.fromEntries(
    Array.from({ length: STATES }, (_, state) => [
      `s${state}`,
      {
        on: {
          [`${name}.next`]: { target: `s${(state + 1) % STATES}`, ...flip },
          [`${name}.skip`]: { target: `s${(state + 2) % STATES}`, ...flip },
        },
      },
    ]),
  ),
});
const regionNames = Array.from({ length: 12 }, (_, index) => `r${index}`);
const twelveRegions = named.createMachine({
  context,
  type: 'parallel',
  states: Object.fromEntries(regionNames.map((name) => [name, regionOf(name)])),
});
const oneRegion = named.createMachine({ context, ...regionOf('r0') });
const randomEvents = (names) =>
  Array.from({ length: 2 ** 16 }, () => ({ type: `${pick(names)}.${pick(['next', 'skip'])}` }));
const sendAll = (actor, events, count) => {
  for (let call = 0; call < count; call++) actor.send(events[call % events.length]);
};
const sendingRandom = (calls, actor, names) => {
  const events = randomEvents(names);
  actor.start();
  return () => ({ ns: nsPerCall(calls, (count) => sendAll(actor, events, count)) });
};
const { ns: ofRegions } = await interleave(
  {
    interpreter: sendingRandom(2_000, createActor(twelveRegions, { clock }), regionNames),
    compiled: sendingRandom(50_000, createActor(compile(twelveRegions), { clock }), regionNames),
    'one region': sendingRandom(100_000, createActor(compile(oneRegion), { clock }), ['r0']),
  },
  { rounds: 11 },
);
gc();
const heldBefore = process.memoryUsage().heapUsed;
const longRun = createActor(compile(twelveRegions), { clock }).start();
sendAll(longRun, randomEvents(regionNames), 10_000_000);
gc();
const heldMegabytes = (process.memoryUsage().heapUsed - heldBefore) / 1e6;
if (longRun.getSnapshot().context.count !== 10_000_000) throw new Error('Events were lost');
rows['12 regions of 5, random events'] = {
  'interpreter, ns': short(ofRegions.interpreter),
  'compiled, ns': short(ofRegions.compiled),
  'interpreter / compiled': short(ofRegions.interpreter / ofRegions.compiled),
  'one region, ns': short(ofRegions['one region']),
  'compiled / one region': short(ofRegions.compiled / ofRegions['one region']),
  'MB held after 10 000 000': short(heldMegabytes),
};

if (total + counter.count === 0) throw new Error('Nothing was measured');
report('compile', { rows });
