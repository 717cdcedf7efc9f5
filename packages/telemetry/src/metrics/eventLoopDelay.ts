import type { Clock } from '@watchkeeper/core';
import { Histogram } from './histogram.ts';
import type { MetricFamily } from './metricFamily.ts';
import { histogramInSeconds } from './metricFamily.ts';

/** Measures how late timers fire, by setting one timer after another. */
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
    return [histogramInSeconds('watchkeeper_event_loop_delay_seconds', help, [this.#histogram.sample()])];
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
