import { simulate } from '@watchkeeper/testing';

/** Looks at the heap, spread evenly over a soak. */
const looks = 60;

/** How much a heap may grow and still be flat: what the noise of a collector makes, and no more. */
const slackBytes = 2 ** 20;
const slackShare = 0.05;

/**
 * Lets one supervisor live for so many virtual hours under the faults of the simulator, all laws held after each step,
 * and prints how its heap goes. Answers whether it broke no law and its heap stayed flat.
 */
export async function soak({ hours, from: seed, crowd }) {
  const lastMs = hours * 3_600_000;
  const startMs = performance.now();
  const heaps = [];
  const onStep = ({ virtualMs, keeper }) => {
    if (virtualMs < (heaps.length / looks) * lastMs) return true;
    heaps.push(collectedHeap());
    if (heaps.length % (looks / 6) === 1) {
      const { monitors, notifiers, sessions } = keeper.stats();
      const there = `${monitors.total} monitors, ${notifiers.open} notifiers, ${sessions.open} sessions`;
      console.log(`${inMinutes(virtualMs)}  heap ${inMegabytes(heaps.at(-1))}  ${there}`);
    }
    return virtualMs < lastMs;
  };
  try {
    const steps = Number.MAX_SAFE_INTEGER;
    const story = await simulate({ seed, crowd, steps, minLifeMs: Math.ceil(lastMs), onStep });
    const { early, late, flat } = trendOf(heaps);
    console.log(
      `${story.steps} steps of seed ${seed} in ${inMinutes(story.virtualMs).trim()} of virtual time and ` +
        `${((performance.now() - startMs) / 1_000).toFixed(0)} s of real time: 0 violations; ` +
        `heap ${flat ? 'flat' : 'GREW'}, ${inMegabytes(early).trim()} early and ${inMegabytes(late).trim()} late`,
    );
    return flat;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

/**
 * The heap in the second quarter of a soak, when caches are full, beside that in the last, each as its median; flat
 * when the later is not larger by more than noise.
 */
export function trendOf(heaps) {
  const quarter = Math.floor(heaps.length / 4);
  const early = median(heaps.slice(quarter, 2 * quarter));
  const late = median(heaps.slice(-quarter));
  return { early, late, flat: late - early <= Math.max(slackBytes, early * slackShare) };
}

/** Bytes of the heap that are in use once everything unused is collected, where node runs with --expose-gc. */
export function collectedHeap() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

function inMinutes(ms) {
  return `${(ms / 60_000).toFixed(1)} min`.padStart(10);
}

function inMegabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(2)} MB`.padStart(10);
}
