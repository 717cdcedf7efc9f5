import { NotAdmittingError } from './errors.ts';
import type { RunQueue } from './runQueue.ts';
import type { Refusal } from './session.ts';

/** How many sessions there may be. */
export interface AdmissionLimits {
  /** Sessions and reservations at once; 0 is no limit (INV-16). */
  readonly maxSessions: number;
  /** Sessions and reservations of one peer at once; 0 is no limit. */
  readonly maxSessionsPerPeer: number;
  /** What a refused client is told to wait, in milliseconds. */
  readonly retryAfterMs: number;
}

/**
 * Counts the slots. A refused attempt takes nothing, and a slot taken is given back exactly once (INV-14, INV-15).
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #runQueue: RunQueue;
  readonly #peers = new Map<string, number>();
  readonly #closing = new AbortController();
  #taken = 0;
  #closed = false;

  constructor(limits: AdmissionLimits, runQueue: RunQueue) {
    this.#limits = limits;
    this.#runQueue = runQueue;
  }

  /** Takes a slot for `peer`, or says why not. */
  take(peer: string | undefined): Refusal | undefined {
    const { maxSessions, maxSessionsPerPeer, retryAfterMs } = this.#limits;
    if (this.#closed) return { reserved: false, reason: 'draining', retryAfterMs };
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

  /** Refuses everybody from now on. */
  close(): void {
    this.#closed = true;
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
