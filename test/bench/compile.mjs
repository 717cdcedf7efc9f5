// What an event costs through a compiled chart, beside XState's interpreter and beside a plain method call.
//   node test/bench/compile.mjs
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

if (total + counter.count === 0) throw new Error('Nothing was measured');
report('compile', { rows });
