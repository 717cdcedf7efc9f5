// What an actor costs to make and to drain, at growing numbers of them: half are sessions, half notifiers. CPU time.
//   node --expose-gc test/bench/drain.mjs
// Nobody leaves by itself, so that the grace of 30 s, armed by each session, runs out for all: the longest drain there is.
// The grace passes on the virtual clock, which is core's timing wheel stepped by hand.
import { createSupervisor } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { interleave } from './interleave.mjs';
import { report, short } from './report.mjs';

if (globalThis.gc === undefined) throw new Error('Run with node --expose-gc');

const sizes = [1_000, 10_000, 100_000];
const largest = Math.max(...sizes);
const graceMs = 30_000;
const dayMs = 24 * 60 * 60 * 1_000;

const cpuMicros = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** CPU microseconds of what `work` does. */
async function cpuOf(work) {
  const before = cpuMicros();
  await work();
  return cpuMicros() - before;
}

/** Lets everything that needs no time happen. */
async function settled(isSettled) {
  while (!isSettled()) await new Promise((resolve) => setImmediate(resolve));
}

async function live(clients) {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock, drain: { graceMs, deadlineMs: dayMs } });
  keeper.start();
  let told = 0;
  let parted = 0;
  let dismissed = 0;
  let closed = 0;
  const spawned = await cpuOf(async () => {
    for (let index = 0; index < clients; index++) {
      keeper.reserve().open({
        goaway: () => {
          dismissed += 1;
        },
        close: () => {
          closed += 1;
        },
      });
      // It is told the present state, that the whole is going, and to go itself: with that a notifier ends.
      keeper.notifier(`client ${index}`, (notice) => {
        if (notice.type === 'goaway') parted += 1;
        else told += 1;
      });
    }
    await settled(() => told === clients);
  });
  const drain = { report: undefined };
  const dismissing = await cpuOf(async () => {
    const ending = keeper.drain();
    void ending.then((ended) => {
      drain.report = ended;
    });
    await settled(() => dismissed === clients && parted === clients);
  });
  const armed = clock.pending;
  const ending = await cpuOf(async () => {
    clock.advanceSync(graceMs);
    await settled(() => drain.report !== undefined);
  });
  if (armed < clients) throw new Error(`Only ${armed} graces were armed`);
  if (closed !== clients || drain.report.sessions.forced !== clients)
    throw new Error('Not everybody was drained by force');
  return { spawned, dismissing, ending };
}

/** The smaller sizes live several lives, so that every measurement is long enough. */
const living = (actors) => async () => {
  const lives = Math.max(1, largest / 4 / actors);
  const sums = { spawned: 0, dismissing: 0, ending: 0 };
  gc();
  for (let life = 0; life < lives; life++) {
    const measured = await live(actors / 2);
    for (const name of Object.keys(sums)) sums[name] += measured[name];
  }
  const each = (micros) => micros / (lives * actors);
  return {
    'made and told first, µs': each(sums.spawned),
    'told to go, grace armed, µs': each(sums.dismissing),
    'closed when the grace is over, µs': each(sums.ending),
    'drained in all, µs': each(sums.dismissing + sums.ending),
  };
};

// All code is warm before anything is measured.
await living(10_000)();
const variants = Object.fromEntries(sizes.map((actors) => [actors, living(actors)]));
const medians = await interleave(variants, { rounds: 5, warmups: 1 });
const rows = {};
for (const [measured, bySize] of Object.entries(medians)) {
  const [smallest] = sizes;
  rows[measured] = {
    ...Object.fromEntries(sizes.map((actors) => [`${actors} actors`, short(bySize[actors])])),
    [`${largest} / ${smallest}`]: short(bySize[largest] / bySize[smallest]),
  };
}
report('drain', { rows });
