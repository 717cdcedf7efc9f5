import { NotAdmittingError } from '../errors.ts';
import type { ReservedWhen } from '../events/events.ts';
import { drawSafely } from '../runtime/random.ts';
import type { RunQueue } from '../runtime/runQueue.ts';
import type { SessionAge } from './connectionAge.ts';
import type { Refusal } from './session.ts';

/** Limits of the sessions of one supervisor. */
export interface AdmissionLimits {
  /** Sessions and reservations at once; 0 is no limit (INV-16). */
  readonly maxSessions: number;
  /** Sessions and reservations of one peer at once; 0 is no limit. */
  readonly maxSessionsPerPeer: number;
  /** Sessions and reservations that follow one topic at once; 0 is no limit. */
  readonly maxSessionsPerTopic: number;
  /** What a refused client is told to wait, in milliseconds. */
  readonly retryAfterMs: number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/** One slot, and whose it is. */
export interface Slot {
  readonly peer: string | undefined;
  /** The topics that its client follows, each once; {@link Admission.follow} changes them. */
  topics: readonly string[];
  /** How old its session may become. */
  readonly age: SessionAge | undefined;
  /** Whether it is a part of a connection that has a slot. */
  readonly isPart?: boolean;
  /** When it was reserved; left out, before any drain. */
  readonly reserved?: ReservedWhen;
}

/**
 * Counter of session slots. A refused reservation takes no slot, and a slot taken is given back exactly once (INV-14, INV-15).
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #runQueue: RunQueue;
  readonly #peers = new Map<string, number>();
  readonly #topics = new Map<string, number>();
  readonly #closing = new AbortController();
  #taken = 0;
  #closed = false;
  #spreadMs = 0;

  constructor(limits: AdmissionLimits, runQueue: RunQueue) {
    this.#limits = limits;
    this.#runQueue = runQueue;
  }

  /**
   * Takes a slot.
   *
   * @param whileDraining whether it is taken although admission is closed; no limit holds for it then.
   * @returns the refusal when there is no slot, `undefined` when one was taken.
   */
  take(slot: Slot, whileDraining = false): Refusal | undefined {
    const { retryAfterMs, random } = this.#limits;
    if (this.#closed && !whileDraining) {
      const spreadMs = this.#spreadMs === 0 ? 0 : Math.round(drawSafely(random) * this.#spreadMs);
      return { reserved: false, reason: 'draining', retryAfterMs: retryAfterMs + spreadMs };
    }
    if (slot.isPart) return undefined;
    if (!this.#closed && this.#isFull(slot)) return { reserved: false, reason: 'capacity', retryAfterMs };
    this.#taken += 1;
    if (slot.peer !== undefined) add(this.#peers, slot.peer, 1);
    for (const topic of slot.topics) add(this.#topics, topic, 1);
    return undefined;
  }

  /**
   * Replaces the topics of a slot that is taken.
   *
   * @returns the refusal when one that is new to it has no room: then it keeps those it has.
   */
  follow(slot: Slot, topics: readonly string[]): Refusal | undefined {
    if (slot.isPart) return undefined;
    const added = topics.filter((topic) => !slot.topics.includes(topic));
    if (!this.#closed && this.#isTopicFull(added)) {
      return { reserved: false, reason: 'capacity', retryAfterMs: this.#limits.retryAfterMs };
    }
    for (const topic of slot.topics) add(this.#topics, topic, -1);
    for (const topic of topics) add(this.#topics, topic, 1);
    slot.topics = topics;
    return undefined;
  }

  /** Gives a slot back. */
  give({ peer, topics, isPart }: Slot): void {
    if (isPart) return;
    this.#taken -= 1;
    if (peer !== undefined) add(this.#peers, peer, -1);
    for (const topic of topics) add(this.#topics, topic, -1);
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

  #isFull({ peer, topics }: Slot): boolean {
    const { maxSessions, maxSessionsPerPeer } = this.#limits;
    return (
      reaches(this.#taken, maxSessions) ||
      (peer !== undefined && reaches(this.#peers.get(peer), maxSessionsPerPeer)) ||
      this.#isTopicFull(topics)
    );
  }

  #isTopicFull(topics: readonly string[]): boolean {
    const { maxSessionsPerTopic } = this.#limits;
    return maxSessionsPerTopic > 0 && topics.some((topic) => reaches(this.#topics.get(topic), maxSessionsPerTopic));
  }
}

function reaches(count: number | undefined, limit: number): boolean {
  return limit > 0 && (count ?? 0) >= limit;
}

/** Adds to a count, and forgets it at 0. */
function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
