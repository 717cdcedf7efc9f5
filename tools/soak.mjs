import { heapTrend, simulate } from '@watchkeeper/testing';
import { keepFailure, supervisorOf } from './stories.mjs';

/** Looks at the heap, spread evenly over a soak. */
const looks = 24;

/**
 * Lets one supervisor live for so many virtual hours under the faults of the simulator, all laws held after each step,
 * and prints how its heap goes. Answers whether it broke no law and its heap stayed flat.
 */
export async function soak({ hours, from: seed, crowd, kept }) {
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
    const createSupervisor = await supervisorOf(kept.supervisor);
    const story = await simulate({ seed, crowd, steps, minLifeMs: Math.ceil(lastMs), createSupervisor, onStep });
    const { earlyBytes, lateBytes, isFlat } = heapTrend(heaps);
    console.log(
      `${story.steps} steps of seed ${seed} in ${inMinutes(story.virtualMs).trim()} of virtual time and ` +
        `${((performance.now() - startMs) / 1_000).toFixed(0)} s of real time: 0 violations; ` +
        `heap ${isFlat ? 'flat' : 'GREW'}, ${inMegabytes(earlyBytes).trim()} early and ${inMegabytes(lateBytes).trim()} late`,
    );
    return isFlat;
  } catch (error) {
    console.error(keepFailure(error, kept));
    return false;
  }
}

/** Bytes of the heap that are in use once everything unused is collected, where node runs with --expose-gc. */
export function collectedHeap() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function inMinutes(ms) {
  return `${(ms / 60_000).toFixed(1)} min`.padStart(10);
}

function inMegabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(2)} MB`.padStart(10);
}
