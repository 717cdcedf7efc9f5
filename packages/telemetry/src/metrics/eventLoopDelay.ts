import type { Clock } from '@watchkeeper/core';
import { seconds } from './eventCounters.ts';
import { Histogram } from './histogram.ts';
import type { MetricFamily } from './metricFamily.ts';

/** The process's own timers, without keeping it alive: how late those of all actors fire, theirs show. */
export const bareTimers: Clock = {
  now: () => performance.now(),
  setTimeout(callback, delayMs) {
    const timer: unknown = setTimeout(callback, delayMs);
    // Node's timers can be let go of; those of other hosts are numbers.
    (timer as { unref?: () => void }).unref?.();
    return timer;
  },
  clearTimeout: (timer) => clearTimeout(timer),
};

/** Measures how long the event loop keeps a timer waiting that is due, again and again. */
export class EventLoopDelay {
  readonly #timers: Clock;
  readonly #sampleMs: number;
  readonly #histogram: Histogram;
  #timer: unknown;

  constructor(timers: Clock, sampleMs: number, bucketsMs: readonly number[]) {
    this.#timers = timers;
    this.#sampleMs = sampleMs;
    this.#histogram = new Histogram(bucketsMs);
    if (sampleMs > 0) this.#arm();
  }

  families(): MetricFamily[] {
    if (this.#sampleMs === 0) return [];
    const help = 'How late a timer fired that was set to measure this.';
    return [seconds('watchkeeper_event_loop_delay_seconds', help, [this.#histogram.sample()])];
  }

  close(): void {
    this.#timers.clearTimeout(this.#timer);
  }

  #arm(): void {
    const dueAt = this.#timers.now() + this.#sampleMs;
    this.#timer = this.#timers.setTimeout(() => {
      this.#histogram.observe(Math.max(0, this.#timers.now() - dueAt));
      this.#arm();
    }, this.#sampleMs);
  }
}
