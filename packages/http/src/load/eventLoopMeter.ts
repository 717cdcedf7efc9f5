import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { LoadSample } from './aimdLimit.ts';

/** How often the delay is looked at, in milliseconds. */
const resolutionMs = 10;

/** Measures the load of this process's event loop. It keeps no program alive. */
export class EventLoopMeter {
  readonly #delays = monitorEventLoopDelay({ resolution: resolutionMs });
  #utilisation = performance.eventLoopUtilization();
  #since = performance.now();

  constructor() {
    this.#delays.enable();
  }

  /** Returns the load since the last call. */
  read(): LoadSample {
    const elapsedMs = performance.now() - this.#since;
    this.#since += elapsedMs;
    const { mean } = this.#delays;
    this.#delays.reset();
    const utilisation = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(utilisation, this.#utilisation);
    this.#utilisation = utilisation;
    // What is recorded is the time from look to look. Without a look in all that time, the loop has not turned.
    const turnMs = Number.isNaN(mean) ? elapsedMs : mean / 1e6;
    return { delayMs: Math.max(0, turnMs - resolutionMs), utilisation: Math.min(1, Math.max(0, utilization || 0)) };
  }

  stop(): void {
    this.#delays.disable();
  }
}
