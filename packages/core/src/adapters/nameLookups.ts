import { noteHeldUp } from '../model/heldUp.ts';

/** One who waits for a look-up. */
interface Waiter {
  readonly signal: AbortSignal;
  settle(outcome: { readonly found: unknown } | { readonly error: unknown }): void;
}

interface Lookup {
  readonly key: string;
  readonly start: () => Promise<unknown>;
  readonly waiters: Set<Waiter>;
}

const heldUpReason = 'name look-ups of other checks hold all threads';

/** The most keys of slow look-ups that are remembered; the oldest is forgotten. */
const mostSlow = 1_000;

/**
 * Look-ups of names that each hold a thread until they return, abandoned or not.
 *
 * Those with one key share one look-up. At most `limit` run at once, and those that nobody had the patience for last time
 * get all but one of these places, so that names which do not resolve never keep those which do from resolving.
 */
export class NameLookups {
  readonly #limit: number;
  /** All that have not returned, by key. */
  readonly #lookups = new Map<string, Lookup>();
  readonly #waiting = new Set<Lookup>();
  readonly #running = new Set<Lookup>();
  /** Keys of look-ups that were abandoned before they returned. */
  readonly #slow = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many look-ups hold a thread, abandoned ones too. */
  get running(): number {
    return this.#running.size;
  }

  /**
   * Looks a name up, or joins a look-up of the same key. Until it runs, the check of `signal` is held up.
   *
   * @param key what is looked up: name and family.
   * @param start begins the look-up.
   * @returns what `start` resolved to; rejects with the reason of `signal` when that aborts first.
   */
  ask<TFound>(key: string, start: () => Promise<TFound>, signal: AbortSignal): Promise<TFound> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const lookup = this.#lookups.get(key) ?? this.#add({ key, start, waiters: new Set() });
      const abandon = (): void => {
        lookup.waiters.delete(waiter);
        reject(signal.reason);
        this.#abandonUnwanted(lookup);
      };
      const waiter: Waiter = {
        signal,
        settle: (outcome) => {
          signal.removeEventListener('abort', abandon);
          if ('found' in outcome) resolve(outcome.found as TFound);
          else reject(outcome.error);
        },
      };
      lookup.waiters.add(waiter);
      signal.addEventListener('abort', abandon, { once: true });
      if (!this.#running.has(lookup)) noteHeldUp(signal, heldUpReason);
      this.#startNext();
    });
  }

  #add(lookup: Lookup): Lookup {
    this.#lookups.set(lookup.key, lookup);
    this.#waiting.add(lookup);
    return lookup;
  }

  #abandonUnwanted(lookup: Lookup): void {
    if (lookup.waiters.size > 0) return;
    if (this.#running.has(lookup)) {
      this.#slow.add(lookup.key);
      const [oldest] = this.#slow;
      if (this.#slow.size > mostSlow && oldest !== undefined) this.#slow.delete(oldest);
    } else if (this.#waiting.delete(lookup)) this.#lookups.delete(lookup.key);
  }

  #startNext(): void {
    while (this.#running.size < this.#limit) {
      const next = this.#next();
      if (!next) return;
      this.#waiting.delete(next);
      this.#running.add(next);
      for (const { signal } of next.waiters) noteHeldUp(signal, undefined);
      void this.#run(next);
    }
  }

  #next(): Lookup | undefined {
    const slow = [...this.#running].filter(({ key }) => this.#slow.has(key)).length;
    for (const lookup of this.#waiting) {
      if (!this.#slow.has(lookup.key) || slow < Math.max(1, this.#limit - 1)) return lookup;
    }
    return undefined;
  }

  async #run(lookup: Lookup): Promise<void> {
    const found = new Promise((resolve) => resolve(lookup.start()));
    const outcome = await found.then(
      (found) => ({ found }),
      (error: unknown) => ({ error }),
    );
    this.#running.delete(lookup);
    this.#lookups.delete(lookup.key);
    if (lookup.waiters.size > 0) this.#slow.delete(lookup.key);
    for (const waiter of lookup.waiters) waiter.settle(outcome);
    this.#startNext();
  }
}

/** Those of the system's resolver, for all probes of this process: libuv has four threads, for files as well. */
export const systemLookups = new NameLookups(2);
