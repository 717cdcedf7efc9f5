import { availableParallelism, totalmem } from 'node:os';
import { type Availability, unknown } from './availability.ts';

interface Sample {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** Samples kept: a minute, at one in five seconds. */
const windowLength = 12;

/** The memory this process may have. A container says; otherwise the machine is the limit. */
function memoryLimitBytes(): number {
  const constrained = process.constrainedMemory() ?? 0;
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem();
}

/** How much of its processors and memory this process leaves free, as a mean over the last minute. */
export class ProcessMeter {
  #samples: readonly Sample[] = [];

  /** Takes one sample; whoever asks sets the pace. */
  sample(): Availability {
    const { user, system } = process.cpuUsage();
    const sample = { atMs: performance.now(), cpuMs: (user + system) / 1_000, memoryBytes: process.memoryUsage.rss() };
    this.#samples = [...this.#samples, sample].slice(-windowLength);
    return this.availability;
  }

  get availability(): Availability {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined) return { cpu: unknown, memory: unknown };
    const elapsedMs = (last.atMs - first.atMs) * availableParallelism();
    const meanBytes = this.#samples.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) / this.#samples.length;
    return {
      cpu: elapsedMs === 0 ? unknown : Math.max(0, 1 - (last.cpuMs - first.cpuMs) / elapsedMs),
      memory: Math.max(0, 1 - meanBytes / memoryLimitBytes()),
    };
  }
}
