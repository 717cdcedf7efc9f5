/**
 * Lives random stories of a supervisor until one breaks a law.
 *
 * npm run simulate -- --seed N [--steps N] [--crowd N]   one story, as an error told it
 * npm run simulate -- --seeds N [--from N]               that many, each another
 * npm run simulate -- --minutes M [--from N]             as many as fit into so many real minutes
 * npm run simulate -- --hours H [--seed N] [--crowd N]   one supervisor for so many virtual hours: see soak.mjs
 * npm run simulate -- --replay FILE                      a story that broke a law, from the file it was written to
 *
 * --supervisor MODULE  puts the `createSupervisor` that this module exports to the test
 * --stories FOLDER     where stories that break a law are written (stories)
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { simulate } from '@watchkeeper/testing';
import { collectedHeap, soak } from './soak.mjs';
import { keepFailure, replayStory, storiesFolder, supervisorOf } from './stories.mjs';

if (isMainThread) await run(readTask());
else parentPort?.postMessage(await simulateShare(workerData));

async function run(task) {
  if (task.replay !== undefined) process.exitCode = (await replayStory(task.replay)) ? 0 : 1;
  else if (task.hours === 0) await simulateAll(task);
  else process.exitCode = (await soak(task)) ? 0 : 1;
}

function readTask() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: {
      ...{ seed: text, seeds: text, from: text, steps: text, crowd: text, minutes: text, hours: text, workers: text },
      ...{ 'min-life-ms': text, replay: text, supervisor: text, stories: text },
    },
  });
  const { replay, supervisor, stories: folder = storiesFolder, ...numbers } = values;
  if (replay !== undefined) return { replay };
  const given = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)]));
  const {
    seed,
    from = seed ?? 0,
    steps = 200,
    crowd = 6,
    minutes = Infinity,
    hours = 0,
    'min-life-ms': minLifeMs = 0,
    workers = availableParallelism(),
  } = given;
  const seeds = seed === undefined ? (given.seeds ?? Infinity) : 1;
  if (
    [from, steps, crowd, minLifeMs, workers].some((number) => !Number.isSafeInteger(number)) ||
    !(hours >= 0) ||
    (Math.min(seeds, minutes) === Infinity && hours === 0)
  ) {
    console.error('Give --seed N, --seeds N, --minutes M or --hours H, as numbers, or --replay FILE');
    process.exit(2);
  }
  const untilMs = Date.now() + minutes * 60_000;
  const kept = { folder, supervisor };
  return { from, seeds, steps, crowd, minLifeMs, hours, untilMs, kept, workers: Math.min(workers, seeds) };
}

/** Shares a task out, and says what became of it. */
async function simulateAll(task) {
  const startMs = performance.now();
  const shares = await Promise.all(Array.from({ length: task.workers }, (_, index) => inWorker({ ...task, index })));
  const sum = (name) => shares.reduce((total, share) => total + share[name], 0);
  const failures = shares.flatMap(({ failure }) => failure ?? []);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
  console.log(
    `${sum('stories')} stories of ${task.steps} steps, ${failures.length} broke a law: ${sum('lives')} supervisors lived ` +
      `${(sum('virtualMs') / 3_600_000).toFixed(1)} h in ${((performance.now() - startMs) / 1_000).toFixed(1)} s, ` +
      `heap grew by ${sum('heapGrownMb')} MB`,
  );
}

function inWorker(share) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share, argv: [] });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Every so many stories from the share's first one. */
async function simulateShare({ from, seeds, steps, crowd, minLifeMs, untilMs, kept, workers, index }) {
  const createSupervisor = await supervisorOf(kept.supervisor);
  const told = { stories: 0, lives: 0, virtualMs: 0, heapGrownMb: 0 };
  let earlyHeap;
  for (let story = index; story < seeds && Date.now() < untilMs; story += workers) {
    try {
      const { lives, virtualMs } = await simulate({ seed: from + story, steps, crowd, minLifeMs, createSupervisor });
      told.stories += 1;
      told.lives += lives;
      told.virtualMs += virtualMs;
    } catch (error) {
      return { ...told, failure: keepFailure(error, kept) };
    }
    // The first stories fill the caches of the compiler; what grows after them would be a leak.
    if (told.stories === 200) earlyHeap = collectedHeap();
  }
  if (earlyHeap !== undefined) told.heapGrownMb = Math.round((collectedHeap() - earlyHeap) / 2 ** 20);
  return told;
}
