import { drawSafely } from '../runtime/random.ts';
import type { ResolvedDrainOptions } from './drainOptions.ts';

/**
 * When a drain tells each client to go: one after the other over a time, each at a random moment of its turn, so that
 * they do not all come back at once somewhere else.
 *
 * Turns that were missed, because the program stood still or its clock was set, are due at once.
 */
export class GoawaySchedule<TClient> {
  readonly #random: () => number;
  #clients: readonly TClient[] = [];
  #startAt = 0;
  #stepMs = 0;
  #next = 0;
  #nextMs = 0;
  #passedMs = 0;
  #endedAt: number | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Begins at `startAt`, epoch milliseconds; the last is told no later than `spreadMs` after that. */
  begin(clients: readonly TClient[], startAt: number, spreadMs: number): void {
    this.#clients = clients;
    this.#startAt = startAt;
    this.#stepMs = clients.length === 0 ? 0 : spreadMs / clients.length;
    this.#nextMs = this.#turn();
  }

  /** Returns the clients whose turn has come by `now`, each once. */
  take(now: number): readonly TClient[] {
    this.#passedMs = Math.max(this.#passedMs, now - this.#startAt);
    const first = this.#next;
    while (!this.isOver && this.#nextMs <= this.#passedMs) {
      this.#next += 1;
      this.#nextMs = this.#turn();
    }
    if (this.isOver) this.#endedAt ??= now;
    return this.#clients.slice(first, this.#next);
  }

  /** Time from the last {@link GoawaySchedule.take} to the next turn, in milliseconds. */
  get waitMs(): number {
    return Math.max(0, this.#nextMs - this.#passedMs);
  }

  /** Moves to the next turn: {@link GoawaySchedule.waitMs} have passed, whatever a clock that was set may say. */
  advance(): void {
    this.#passedMs = Math.max(this.#passedMs, this.#nextMs);
  }

  /** When the last had its turn, in epoch milliseconds. */
  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** Everybody has had a turn. */
  get isOver(): boolean {
    return this.#next >= this.#clients.length;
  }

  #turn(): number {
    return this.#stepMs === 0 ? 0 : (this.#next + drawSafely(this.#random)) * this.#stepMs;
  }
}

/** Timers are late by a little, and the last client must have its whole grace all the same. */
const latenessMs = 10;

/** Returns how long telling `clients` to go may take, when `passedMs` of the drain are over, in milliseconds. */
export function spreadMsOf(drain: ResolvedDrainOptions, clients: number, passedMs: number): number {
  const { goawaysPerSecond, noticeMs, graceMs, deadlineMs } = drain;
  if (goawaysPerSecond === 0) return 0;
  const leftMs = deadlineMs - Math.max(noticeMs, passedMs) - graceMs - latenessMs;
  return Math.max(0, Math.min((clients * 1000) / goawaysPerSecond, leftMs));
}
