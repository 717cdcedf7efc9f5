import { NotAdmittingError } from '../errors.ts';
import { drawSafely } from '../runtime/random.ts';
import type { RunQueue } from '../runtime/runQueue.ts';
import type { Refusal } from './session.ts';

/** Limits of the sessions of one supervisor. */
export interface AdmissionLimits {
  /** Sessions and reservations at once; 0 is no limit (INV-16). */
  readonly maxSessions: number;
  /** Sessions and reservations of one peer at once; 0 is no limit. */
  readonly maxSessionsPerPeer: number;
  /** What a refused client is told to wait, in milliseconds. */
  readonly retryAfterMs: number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/**
 * Counter of session slots. A refused reservation takes no slot, and a slot taken is given back exactly once (INV-14, INV-15).
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #runQueue: RunQueue;
  readonly #peers = new Map<string, number>();
  readonly #closing = new AbortController();
  #taken = 0;
  #closed = false;
  #spreadMs = 0;

  constructor(limits: AdmissionLimits, runQueue: RunQueue) {
    this.#limits = limits;
    this.#runQueue = runQueue;
  }

  /**
   * Takes a slot for `peer`.
   *
   * @returns the refusal when there is no slot, `undefined` when one was taken.
   */
  take(peer: string | undefined): Refusal | undefined {
    const { maxSessions, maxSessionsPerPeer, retryAfterMs, random } = this.#limits;
    if (this.#closed) {
      const spreadMs = this.#spreadMs === 0 ? 0 : Math.round(drawSafely(random) * this.#spreadMs);
      return { reserved: false, reason: 'draining', retryAfterMs: retryAfterMs + spreadMs };
    }
    const ofPeer = peer === undefined ? 0 : (this.#peers.get(peer) ?? 0);
    const full = maxSessions > 0 && this.#taken >= maxSessions;
    if (full || (maxSessionsPerPeer > 0 && ofPeer >= maxSessionsPerPeer)) {
      return { reserved: false, reason: 'capacity', retryAfterMs };
    }
    this.#taken += 1;
    if (peer !== undefined) this.#peers.set(peer, ofPeer + 1);
    return undefined;
  }

  /** Gives a slot of `peer` back. */
  give(peer: string | undefined): void {
    this.#taken -= 1;
    if (peer === undefined) return;
    const left = (this.#peers.get(peer) ?? 1) - 1;
    if (left === 0) this.#peers.delete(peer);
    else this.#peers.set(peer, left);
  }

  /** Refuses everybody from now on, and adds up to `spreadMs` at random to what each is told to wait. */
  close(spreadMs: number): void {
    this.#closed = true;
    this.#spreadMs = spreadMs;
    // Listeners are foreign code.
    this.#runQueue.push(() => this.#closing.abort(new NotAdmittingError('a client', 'draining')));
  }

  /** Aborts when everybody is refused. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Slots taken: reserved or open. */
  get taken(): number {
    return this.#taken;
  }
}
