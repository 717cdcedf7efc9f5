// What a lean actor costs beside XState's own, with the same logic.
//   node --expose-gc test/bench/lean.mjs
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createLeanActor } from '../../packages/core/dist/index.js';
import { interleave, nsPerCall } from './interleave.mjs';

const { createActor, createMachine } = createRequire(new URL('../../packages/core/package.json', import.meta.url))(
  'xstate',
);

if (globalThis.gc === undefined) throw new Error('Run with node --expose-gc');

// Hand-written logic as cheap as it gets, so that the actor is what is measured.
const logic = {
  getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined, count: 0 }),
  transition: (snapshot, event) =>
    event.by > 0
      ? { status: 'active', output: undefined, error: undefined, count: snapshot.count + event.by }
      : snapshot,
  getPersistedSnapshot: (snapshot) => snapshot,
};
const silent = { ...logic, transition: (snapshot) => snapshot };
const keeper = () => createActor(createMachine({})).start();

const kinds = { lean: createLeanActor, actor: createActor };
const variants = (measure) =>
  Object.fromEntries(Object.entries(kinds).map(([name, create]) => [name, () => measure(create)]));

const EVENTS = 500_000;
const event = { type: 'add', by: 1 };
const sendTo = (logic) => (create) => {
  const actor = create(logic, { parent: keeper() }).start();
  return nsPerCall(EVENTS, (calls) => {
    for (let call = 0; call < calls; call++) actor.send(event);
  });
};

const ACTORS = 100_000;
const population = (create) => {
  const parent = keeper();
  return Array.from({ length: ACTORS }, (_, index) => create(logic, { parent, id: 'client', input: index }).start());
};
const bytes = (create) => {
  gc();
  const before = process.memoryUsage().heapUsed;
  const actors = population(create);
  gc();
  return (process.memoryUsage().heapUsed - before) / actors.length;
};
const createNs = (create) => {
  gc();
  return nsPerCall(ACTORS, () => population(create));
};
// Events that reach another actor each time: what caches cannot keep decides.
const broadcastNs = (create) => {
  const actors = population(create);
  const ns = nsPerCall(ACTORS, () => {
    for (const actor of actors) actor.send(event);
  });
  return ns;
};
const stopNs = (create) => {
  const actors = population(create).slice(0, 10_000);
  return nsPerCall(actors.length, () => {
    for (const actor of actors) actor._stop();
  });
};

const results = {
  'event, ns': await interleave(variants(sendTo(logic)), { rounds: 9 }),
  'event that changes nothing, ns': await interleave(variants(sendTo(silent)), { rounds: 9 }),
  'bytes an actor, of 100 000': await interleave(variants(bytes), { rounds: 3, warmups: 1 }),
  'create and start, of 100 000, ns': await interleave(variants(createNs), { rounds: 5, warmups: 1 }),
  'one event to each of 100 000, ns': await interleave(variants(broadcastNs), { rounds: 5, warmups: 1 }),
  'stop, of 100 000, ns': await interleave(variants(stopNs), { rounds: 5, warmups: 1 }),
};

const rows = Object.fromEntries(
  Object.entries(results).map(([name, { lean, actor }]) => [
    name,
    { lean: Math.round(lean), 'XState Actor': Math.round(actor), ratio: Number((actor / lean).toFixed(2)) },
  ]),
);
console.table(rows);
writeFileSync(
  new URL('./results/lean.json', import.meta.url),
  `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`,
);
