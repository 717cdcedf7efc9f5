import type { Health } from '@watchkeeper/core';
import { type Bin, BinRing, wordsPerRing } from './binRing.ts';
import { binMs, type HistoryWindow, historyWindows } from './historyWindow.ts';
import { type LatencySummary, summaryOf } from './percentile.ts';

const words = historyWindows.length * wordsPerRing;

/** What the five rings of one monitor take, for ever, in bytes; the objects around them take about 1100 more. */
export const historyBytesPerMonitor = words * Uint32Array.BYTES_PER_ELEMENT;

/** Whether a target works or not; nothing is known while it starts, is paused, or is not watched. */
export type Standing = 'up' | 'down' | undefined;

const standings: Readonly<Record<Health, Standing>> = {
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

export const standingOf = (health: Health): Standing => standings[health];

/** What is known of one monitor over one window. Plain and serialisable. */
export interface WindowReport {
  readonly window: HistoryWindow;
  /** From when on, in epoch milliseconds. */
  readonly from: number;
  /** Until when, in epoch milliseconds. */
  readonly to: number;
  /** How long it worked. */
  readonly upMs: number;
  /** How long it did not. What is left of the window is unknown. */
  readonly downMs: number;
  /** The share of the known time in which it worked, from 0 to 1; absent where nothing is known. */
  readonly uptime?: number;
  /** Of the last latency of each bin; absent where there is none. */
  readonly latency?: LatencySummary;
}

/** The history of one monitor, in fixed memory. Times are epoch milliseconds. */
export class Timeline {
  readonly #words: Uint32Array;
  readonly #rings: Readonly<Record<HistoryWindow, BinRing>>;
  #standing: Standing;
  #at = 0;

  constructor(from: Uint32Array = new Uint32Array(words)) {
    this.#words = from;
    const ring = (window: HistoryWindow) => {
      const first = historyWindows.indexOf(window) * wordsPerRing;
      return new BinRing(from.subarray(first, first + wordsPerRing), binMs(window));
    };
    this.#rings = { '5m': ring('5m'), '15m': ring('15m'), '1h': ring('1h'), '1d': ring('1d'), '30d': ring('30d') };
  }

  /** The timeline that {@link Timeline.writtenAt} told, or nothing when that is none, or is from the future of `now`. */
  static read(written: string, now: number): Timeline | undefined {
    const bytes = Uint8Array.from(Buffer.from(written, 'base64'));
    if (bytes.length !== historyBytesPerMonitor) return undefined;
    const timeline = new Timeline(new Uint32Array(bytes.buffer));
    const isAhead = historyWindows.some((window) => timeline.#rings[window].until > now + 2 * binMs(window));
    return isAhead ? undefined : timeline;
  }

  /** All of it until now, as base64. */
  writtenAt(now: number): string {
    this.#accountUntil(now);
    return Buffer.from(this.#words.buffer).toString('base64');
  }

  /** How it stands from `at` on; until then it stood as it was told before. */
  become(standing: Standing, at: number): void {
    this.#accountUntil(at);
    this.#standing = standing;
  }

  /** A check took so long. */
  record(at: number, latencyMs: number): void {
    for (const ring of Object.values(this.#rings)) ring.record(Math.round(at), latencyMs);
  }

  /** The bins of one window that ends now, the oldest first. */
  bins(window: HistoryWindow, now: number): Bin[] {
    return [...this.#ringUntil(window, now).bins()];
  }

  /** The share of the known time of one window in which it worked. */
  uptime(window: HistoryWindow, now: number): number | undefined {
    const { upMs, downMs } = this.#ringUntil(window, now).totals();
    return upMs + downMs === 0 ? undefined : upMs / (upMs + downMs);
  }

  report(window: HistoryWindow, now: number): WindowReport {
    const uptime = this.uptime(window, now);
    const bins = this.bins(window, now);
    const { upMs, downMs } = this.#ringUntil(window, now).totals();
    const latency = summaryOf(bins.map(({ latencyMs }) => latencyMs).filter((each) => each !== undefined));
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
    ring.moveTo(Math.round(now));
    return ring;
  }

  #accountUntil(at: number): void {
    // Whole milliseconds, so that what is cut off one interval is in the next.
    const to = Math.round(at);
    if (this.#standing !== undefined && to > this.#at) {
      for (const ring of Object.values(this.#rings)) ring.add(this.#at, to, this.#standing === 'up');
    }
    this.#at = to;
  }
}
