import type { Clock } from '@watchkeeper/core';

/** Something that must come in time. */
interface Wait {
  readonly ms: number;
  readonly overdue: () => void;
  dueAt: number;
}

/** How often waits are looked at while there are any, in milliseconds: a program that stands still is noticed so soon. */
const lookMs = 500;

/**
 * All that a watch waits for, on one timer. A look that comes late says that the program stood still, and its own timers
 * with it: then nothing is overdue yet, and every wait begins anew.
 */
export class Waits {
  readonly #clock: Clock;
  readonly #stallToleranceMs: number;
  readonly #waits = new Set<Map<string, Wait>>();
  #timer: unknown;
  #lookAt: number | undefined;

  constructor(clock: Clock, stallToleranceMs: number) {
    this.#clock = clock;
    this.#stallToleranceMs = stallToleranceMs;
  }

  /** Waits of one law, by key. */
  add(waits: Map<string, Wait>): void {
    this.#waits.add(waits);
  }

  wait(waits: Map<string, Wait>, key: string, ms: number, overdue: () => void): void {
    waits.set(key, { ms, overdue, dueAt: this.#clock.now() + ms });
    if (this.#lookAt === undefined) this.#arm();
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer);
    for (const waits of this.#waits) waits.clear();
  }

  #arm(): void {
    this.#lookAt = this.#clock.now() + lookMs;
    this.#timer = this.#clock.setTimeout(() => this.#look(), lookMs);
  }

  #look(): void {
    const now = this.#clock.now();
    const stoodStill = now - (this.#lookAt ?? now) > this.#stallToleranceMs;
    this.#lookAt = undefined;
    let left = false;
    for (const waits of this.#waits) {
      for (const [key, wait] of waits) {
        if (stoodStill) wait.dueAt = now + wait.ms;
        if (now < wait.dueAt) left = true;
        else {
          waits.delete(key);
          wait.overdue();
        }
      }
    }
    if (left) this.#arm();
  }
}

export type { Wait };
