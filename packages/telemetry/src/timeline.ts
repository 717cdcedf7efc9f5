import type { Health } from '@watchkeeper/core';
import { type Bin, BinRing, wordsPerRing } from './binRing.ts';
import { binMs, type HistoryWindow, historyWindows } from './historyWindow.ts';
import { type LatencySummary, summaryOf } from './percentile.ts';

const words = historyWindows.length * wordsPerRing;

/** The memory of one monitor's history: five rings of 100 bins, for ever. */
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
  readonly #rings: ReadonlyMap<HistoryWindow, BinRing>;
  #standing: Standing;
  #at = 0;

  constructor(from: Uint32Array = new Uint32Array(words)) {
    this.#words = from;
    this.#rings = new Map(
      historyWindows.map((window, index) => {
        const own = from.subarray(index * wordsPerRing, (index + 1) * wordsPerRing);
        return [window, new BinRing(own, binMs(window))];
      }),
    );
  }

  /** The timeline that {@link Timeline.writtenAt} told, or nothing when that is none, or is from the future of `now`. */
  static read(written: string, now: number): Timeline | undefined {
    const bytes = Uint8Array.from(Buffer.from(written, 'base64'));
    if (bytes.length !== historyBytesPerMonitor) return undefined;
    const timeline = new Timeline(new Uint32Array(bytes.buffer));
    for (const [window, ring] of timeline.#rings) if (ring.until > now + 2 * binMs(window)) return undefined;
    return timeline;
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
    for (const ring of this.#rings.values()) ring.record(Math.round(at), latencyMs);
  }

  /** The bins of one window that ends now, the oldest first. */
  bins(window: HistoryWindow, now: number): Bin[] {
    this.#accountUntil(now);
    const ring = this.#rings.get(window);
    ring?.moveTo(Math.round(now));
    return [...(ring?.bins() ?? [])];
  }

  report(window: HistoryWindow, now: number): WindowReport {
    const bins = this.bins(window, now);
    const sum = (read: (bin: Bin) => number) => bins.reduce((total, bin) => total + read(bin), 0);
    const [upMs, downMs] = [sum((bin) => bin.upMs), sum((bin) => bin.downMs)];
    const latency = summaryOf(bins.map(({ latencyMs }) => latencyMs).filter((each) => each !== undefined));
    return {
      window,
      from: bins[0]?.at ?? now,
      to: now,
      upMs,
      downMs,
      ...(upMs + downMs === 0 ? {} : { uptime: upMs / (upMs + downMs) }),
      ...(latency === undefined ? {} : { latency }),
    };
  }

  #accountUntil(at: number): void {
    // Whole milliseconds, so that what is cut off one interval is in the next.
    const to = Math.round(at);
    if (this.#standing !== undefined && to > this.#at) {
      for (const ring of this.#rings.values()) ring.add(this.#at, to, this.#standing === 'up');
    }
    this.#at = to;
  }
}
