import type { Health } from '@watchkeeper/core';
import { type Bin, BinRing, wordsPerRing } from './binRing.ts';
import { binMs, type HistoryWindow, historyWindows } from './historyWindow.ts';
import { type LatencySummary, summarizeLatencies } from './percentile.ts';

const words = historyWindows.length * wordsPerRing;

/** Size of the five rings of one monitor, in bytes; the objects around them take about 1100 more. */
export const historyBytesPerMonitor = words * Uint32Array.BYTES_PER_ELEMENT;

/** Whether a target is up; undefined while it starts, is paused, or is not watched. */
export type Availability = 'up' | 'down' | undefined;

const availabilities: Readonly<Record<Health, Availability>> = {
  healthy: 'up',
  degraded: 'up',
  unhealthy: 'down',
  error: 'down',
  stale: 'down',
  reconnecting: 'down',
  starting: undefined,
  paused: undefined,
  stopped: undefined,
};

export const availabilityOf = (health: Health): Availability => availabilities[health];

/** Figures of one monitor over one window. Plain and serialisable. */
export interface WindowReport {
  readonly window: HistoryWindow;
  /** Begin of the window, in epoch milliseconds. */
  readonly from: number;
  /** End of the window, in epoch milliseconds. */
  readonly to: number;
  /** How long the target was up. */
  readonly upMs: number;
  /** How long the target was down. What is left of the window is unknown. */
  readonly downMs: number;
  /** The share of the known time in which it was up, from 0 to 1; absent where nothing is known. */
  readonly uptime?: number;
  /** Of the last latency of each bin; absent where there is none. */
  readonly latency?: LatencySummary;
}

/** The history of one monitor, in fixed memory. Times are epoch milliseconds. */
export class MonitorTimeline {
  readonly #words: Uint32Array;
  readonly #rings: Readonly<Record<HistoryWindow, BinRing>>;
  #availability: Availability;
  #at = 0;

  constructor(from: Uint32Array = new Uint32Array(words)) {
    this.#words = from;
    const ring = (window: HistoryWindow) => {
      const first = historyWindows.indexOf(window) * wordsPerRing;
      return new BinRing(from.subarray(first, first + wordsPerRing), binMs(window));
    };
    this.#rings = { '5m': ring('5m'), '15m': ring('15m'), '1h': ring('1h'), '1d': ring('1d'), '30d': ring('30d') };
  }

  /**
   * Reads what {@link MonitorTimeline.serialize} returned.
   *
   * @returns undefined when it is malformed, or later than `now`.
   */
  static deserialize(serialized: string, now: number): MonitorTimeline | undefined {
    const bytes = Uint8Array.from(Buffer.from(serialized, 'base64'));
    if (bytes.length !== historyBytesPerMonitor) return undefined;
    const timeline = new MonitorTimeline(new Uint32Array(bytes.buffer));
    const isAhead = historyWindows.some((window) => timeline.#rings[window].until > now + 2 * binMs(window));
    return isAhead ? undefined : timeline;
  }

  /** Returns the timeline until now, as base64. */
  serialize(now: number): string {
    this.#accountUntil(now);
    return Buffer.from(this.#words.buffer).toString('base64');
  }

  /** Sets the availability from `at` on; until then the one before counts. */
  setAvailability(availability: Availability, at: number): void {
    this.#accountUntil(at);
    this.#availability = availability;
  }

  /** Records the latency of a check. */
  record(at: number, latencyMs: number): void {
    for (const ring of Object.values(this.#rings)) ring.record(Math.round(at), latencyMs);
  }

  /** Returns the bins of one window that ends now, the oldest first. */
  bins(window: HistoryWindow, now: number): Bin[] {
    return [...this.#ringUntil(window, now).bins()];
  }

  /** Returns the share of the known time of one window in which the target was up. */
  uptime(window: HistoryWindow, now: number): number | undefined {
    const { upMs, downMs } = this.#ringUntil(window, now).totals();
    return upMs + downMs === 0 ? undefined : upMs / (upMs + downMs);
  }

  report(window: HistoryWindow, now: number): WindowReport {
    const uptime = this.uptime(window, now);
    const bins = this.bins(window, now);
    const { upMs, downMs } = this.#ringUntil(window, now).totals();
    const latency = summarizeLatencies(bins.map(({ latencyMs }) => latencyMs).filter((each) => each !== undefined));
    return {
      window,
      from: bins[0]?.at ?? now,
      to: now,
      upMs,
      downMs,
      ...(uptime === undefined ? {} : { uptime }),
      ...(latency === undefined ? {} : { latency }),
    };
  }

  #ringUntil(window: HistoryWindow, now: number): BinRing {
    this.#accountUntil(now);
    const ring = this.#rings[window];
    ring.advanceTo(Math.round(now));
    return ring;
  }

  #accountUntil(at: number): void {
    // Whole milliseconds, so that what is cut off one interval is in the next.
    const to = Math.round(at);
    if (this.#availability !== undefined && to > this.#at) {
      for (const ring of Object.values(this.#rings)) ring.add(this.#at, to, this.#availability === 'up');
    }
    this.#at = to;
  }
}
