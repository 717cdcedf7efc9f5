// What a lean actor costs beside XState's own, with the same logic.
//   node --expose-gc test/bench/lean.mjs
import { createRequire } from 'node:module';
import { createLeanActor } from '../../packages/core/dist/index.js';
import { interleave, nsPerCall, rowsOf } from './interleave.mjs';
import { report } from './report.mjs';

const fromCore = createRequire(new URL('../../packages/core/package.json', import.meta.url));
const { createActor, createMachine } = fromCore('xstate');

if (globalThis.gc === undefined) throw new Error('Run with node --expose-gc');

const EVENTS = 500_000;
const ACTORS = 100_000;
const STOPPED = 10_000;
const event = { type: 'add', by: 1 };

// Hand-written logic as cheap as it gets, so that the actor is what is measured.
const active = (count) => ({ status: 'active', output: undefined, error: undefined, count });
const counting = {
  getInitialSnapshot: () => active(0),
  transition: (snapshot, { by }) => (by > 0 ? active(snapshot.count + by) : snapshot),
  getPersistedSnapshot: (snapshot) => snapshot,
};
const idle = { ...counting, transition: (snapshot) => snapshot };

const keeper = () => createActor(createMachine({})).start();
const variants = (measure) => ({ lean: () => measure(createLeanActor), actor: () => measure(createActor) });

const oneActor = (create) => {
  const sends = (logic) => {
    const actor = create(logic, { parent: keeper() }).start();
    return nsPerCall(EVENTS, (calls) => {
      for (let call = 0; call < calls; call++) actor.send(event);
    });
  };
  return { 'an event, ns': sends(counting), 'an event that changes nothing, ns': sends(idle) };
};

// Another actor each time: what the caches cannot keep decides.
const population = (create) => {
  gc();
  const heldBefore = process.memoryUsage().heapUsed;
  const parent = keeper();
  let actors = [];
  const made = nsPerCall(ACTORS, (calls) => {
    actors = Array.from({ length: calls }, (_, index) =>
      create(counting, { parent, id: 'client', input: index }).start(),
    );
  });
  gc();
  const held = (process.memoryUsage().heapUsed - heldBefore) / ACTORS;
  const told = nsPerCall(ACTORS, () => {
    for (const actor of actors) actor.send(event);
  });
  const stopped = nsPerCall(STOPPED, (calls) => {
    for (let index = 0; index < calls; index++) actors[index]._stop();
  });
  return {
    'an actor of 100 000, bytes': held,
    'its creation and start, ns': made,
    'an event to each, ns': told,
    'its stop, ns': stopped,
  };
};

const medians = {
  ...(await interleave(variants(oneActor), { rounds: 9 })),
  ...(await interleave(variants(population), { rounds: 5 })),
};
report('lean', { rows: rowsOf(medians, 'lean') });
