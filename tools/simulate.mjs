/**
 * Lives random stories of a supervisor until one breaks a law.
 *
 * npm run simulate -- --seed N [--steps N] [--crowd N]   one story, as an error told it
 * npm run simulate -- --seeds N [--from N]               that many, each another
 * npm run simulate -- --minutes M [--from N]             as many as fit
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { simulate } from '@watchkeeper/testing';

if (isMainThread) await simulateAll(readTask());
else parentPort?.postMessage(await simulateShare(workerData));

function readTask() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { seed: text, seeds: text, from: text, steps: text, crowd: text, minutes: text, workers: text },
  });
  const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  const {
    seed,
    from = seed ?? 0,
    steps = 200,
    crowd = 6,
    minutes = Infinity,
    workers = availableParallelism(),
  } = given;
  const seeds = seed === undefined ? (given.seeds ?? Infinity) : 1;
  if (
    [from, steps, crowd, workers].some((number) => !Number.isSafeInteger(number)) ||
    Math.min(seeds, minutes) === Infinity
  ) {
    console.error('Give --seed N, --seeds N or --minutes M, as numbers');
    process.exit(2);
  }
  return { from, seeds, steps, crowd, untilMs: Date.now() + minutes * 60_000, workers: Math.min(workers, seeds) };
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
async function simulateShare({ from, seeds, steps, crowd, untilMs, workers, index }) {
  const told = { stories: 0, lives: 0, virtualMs: 0, heapGrownMb: 0 };
  let earlyHeap;
  for (let story = index; story < seeds && Date.now() < untilMs; story += workers) {
    try {
      const { lives, virtualMs } = await simulate({ seed: from + story, steps, crowd });
      told.stories += 1;
      told.lives += lives;
      told.virtualMs += virtualMs;
    } catch (error) {
      return { ...told, failure: error instanceof Error ? error.message : String(error) };
    }
    // The first stories fill the caches of the compiler; what grows after them would be a leak.
    if (told.stories === 200) earlyHeap = collectedHeap();
  }
  if (earlyHeap !== undefined) told.heapGrownMb = Math.round((collectedHeap() - earlyHeap) / 2 ** 20);
  return told;
}

function collectedHeap() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
