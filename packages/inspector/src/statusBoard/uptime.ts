import type { Health } from '@watchkeeper/core';

/** Health of a target as the public sees it. */
export type PublicHealth = 'works' | 'limited' | 'down' | 'unknown' | 'maintenance';

const publicHealths: Readonly<Record<Health, PublicHealth>> = {
  healthy: 'works',
  degraded: 'limited',
  unhealthy: 'down',
  error: 'unknown',
  stale: 'unknown',
  reconnecting: 'down',
  starting: 'unknown',
  paused: 'maintenance',
  stopped: 'maintenance',
};

export const publicHealthOf = (health: Health): PublicHealth => publicHealths[health];

/** One interval: for how long the health was known, and for how long of that the target was up. */
export type UptimeBar = { readonly knownMs: number; readonly upMs: number; readonly worst: PublicHealth | undefined };

const badness: readonly PublicHealth[] = ['works', 'maintenance', 'unknown', 'limited', 'down'];

type Bar = { index: number; knownMs: number; upMs: number; worst: PublicHealth | undefined };

/** Uptime of a target in the last intervals, from its changes of health alone. */
export class Uptime {
  readonly #barMs: number;
  readonly #bars: Bar[];
  #health: PublicHealth;
  #at: number;

  constructor(health: PublicHealth, at: number, { barMs, bars }: { readonly barMs: number; readonly bars: number }) {
    this.#barMs = barMs;
    this.#bars = Array.from({ length: bars }, () => ({ index: -1, knownMs: 0, upMs: 0, worst: undefined }));
    this.#health = health;
    this.#at = at;
  }

  get health(): PublicHealth {
    return this.#health;
  }

  /** Sets the health from `at` on. */
  become(health: PublicHealth, at: number): void {
    this.#pass(at);
    this.#health = health;
    this.#pass(at);
  }

  /** Returns the bars up to `at`, oldest first. */
  bars(at: number): readonly UptimeBar[] {
    this.#pass(at);
    const last = Math.floor(at / this.#barMs);
    return Array.from(this.#bars, (_, offset) => {
      const index = last - this.#bars.length + 1 + offset;
      const { knownMs, upMs, worst, index: own } = this.#bar(index);
      return own === index ? { knownMs, upMs, worst } : { knownMs: 0, upMs: 0, worst: undefined };
    });
  }

  /** Adds the time since the last call to the bars. */
  #pass(at: number): void {
    const oldest = (Math.floor(at / this.#barMs) - this.#bars.length + 1) * this.#barMs;
    let from = Math.max(this.#at, oldest);
    do {
      const index = Math.floor(from / this.#barMs);
      const until = Math.min(at, (index + 1) * this.#barMs);
      const bar = this.#bar(index);
      if (bar.index !== index) Object.assign(bar, { index, knownMs: 0, upMs: 0, worst: undefined });
      const isKnown = this.#health !== 'unknown' && this.#health !== 'maintenance';
      if (isKnown) bar.knownMs += until - from;
      if (isKnown && this.#health !== 'down') bar.upMs += until - from;
      const isWorse = bar.worst === undefined || badness.indexOf(this.#health) > badness.indexOf(bar.worst);
      if (isWorse) bar.worst = this.#health;
      from = until;
    } while (from < at);
    this.#at = Math.max(this.#at, at);
  }

  #bar(index: number): Bar {
    return this.#bars[((index % this.#bars.length) + this.#bars.length) % this.#bars.length] as Bar;
  }
}
