/** Why a program stood still, as far as its host tells: a collection of garbage, a suspended machine, or a wall clock that was set. */
export type StallCause = 'gc' | 'suspend' | 'clock';

/** Tells how long this program stood still while checks were under way. */
export interface Stalls {
  /** A check begins; each is ended once. Stalls are measured only between the two. */
  begin(): void;
  end(): void;
  /** The longest stall that ended within the last `withinMs` milliseconds, in milliseconds; 0 where there was none. */
  longestMs(withinMs: number): number;
  /** Why the longest of those came about; known {@link Stalls.causeAfterMs} milliseconds after its end. */
  causeOf(withinMs: number): StallCause | undefined;
  /** A host tells of garbage that was collected only when its loop has come round. */
  readonly causeAfterMs: number;
}

/** The part of the environment that a {@link StallMeter} needs; times in milliseconds. */
export interface StallHost {
  /** Time since any fixed moment that does not pass while the machine is suspended. */
  monotonicMs(): number;
  /** Time since any fixed moment that does; `undefined` where the host has none. */
  bootMs(): number | undefined;
  wallMs(): number;
  /** Calls `tick` every `ms` milliseconds, without keeping the program alive, until the returned function is called. */
  every(ms: number, tick: () => void): () => void;
  /** Calls `note` with begin (by {@link StallHost.monotonicMs}) and duration of each collection of garbage from now on. */
  onCollection(note: (startMs: number, durationMs: number) => void): void;
}

const tickMs = 50;
/** A wall clock further from the monotonic one than this has jumped, rather than drifted. */
const jumpMs = 1_000;
/** How many stalls and collections are remembered. */
const mostRemembered = 64;
/** Shorter collections are no stalls. */
const shortestCollectionMs = 10;

interface Stall {
  readonly endedAtMs: number;
  readonly ms: number;
  readonly cause: 'suspend' | 'clock' | undefined;
}

/** What the clocks of a host showed at one moment. */
interface Reading {
  readonly monotonicMs: number;
  readonly wallAheadMs: number;
}

/**
 * Measures stalls by one ticker, however many checks are under way: a tick that comes late by more than its period says
 * that nothing else could run either.
 */
export class StallMeter implements Stalls {
  readonly causeAfterMs = 1;
  readonly #host: StallHost;
  readonly #stalls: Stall[] = [];
  readonly #collections: { readonly startMs: number; readonly durationMs: number }[] = [];
  #underWay = 0;
  #last: Reading | undefined;
  /** How far the boot clock was ahead at that reading. */
  #lastBootAheadMs = 0;
  #stopTicking: (() => void) | undefined;
  #observes = false;

  constructor(host: StallHost) {
    this.#host = host;
  }

  begin(): void {
    this.#underWay += 1;
    if (this.#stopTicking !== undefined) return;
    this.#setLast(this.#read());
    this.#stopTicking = this.#host.every(tickMs, () => this.#tick());
    if (this.#observes) return;
    this.#observes = true;
    this.#host.onCollection((startMs, durationMs) => {
      if (durationMs >= shortestCollectionMs) remember(this.#collections, { startMs, durationMs });
    });
  }

  end(): void {
    this.#underWay -= 1;
  }

  longestMs(withinMs: number): number {
    return this.#longest(withinMs)?.ms ?? 0;
  }

  causeOf(withinMs: number): StallCause | undefined {
    const stall = this.#longest(withinMs);
    if (stall === undefined || stall.cause !== undefined) return stall?.cause;
    const beganAtMs = stall.endedAtMs - stall.ms - tickMs;
    let collectedMs = 0;
    for (const { startMs, durationMs } of this.#collections) {
      if (startMs + durationMs >= beganAtMs && startMs <= stall.endedAtMs) collectedMs += durationMs;
    }
    return collectedMs * 2 >= stall.ms ? 'gc' : undefined;
  }

  #longest(withinMs: number): Stall | undefined {
    const sinceMs = this.#host.monotonicMs() - withinMs;
    // What follows a stall may run before the tick that is late.
    const present = this.#stopTicking === undefined ? undefined : this.#stallSinceTick(this.#read());
    const all = present === undefined ? this.#stalls : [...this.#stalls, present];
    let longest: Stall | undefined;
    for (const stall of all) {
      if (stall.endedAtMs >= sinceMs && stall.ms > (longest?.ms ?? 0)) longest = stall;
    }
    return longest;
  }

  #tick(): void {
    const reading = this.#read();
    const stall = this.#stallSinceTick(reading);
    if (stall !== undefined) remember(this.#stalls, stall);
    this.#setLast(reading);
    if (this.#underWay > 0) return;
    this.#stopTicking?.();
    this.#stopTicking = undefined;
  }

  #stallSinceTick(reading: Reading): Stall | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const endedAtMs = reading.monotonicMs;
    const jumpedMs = reading.wallAheadMs - last.wallAheadMs;
    if (jumpedMs > jumpMs) {
      const sleptMs = this.#bootAheadMs(reading) - this.#lastBootAheadMs;
      return { endedAtMs, ms: Math.floor(jumpedMs), cause: sleptMs > jumpMs ? 'suspend' : 'clock' };
    }
    const lateMs = reading.monotonicMs - last.monotonicMs - tickMs;
    return lateMs > 0 ? { endedAtMs, ms: Math.floor(lateMs), cause: undefined } : undefined;
  }

  #setLast(reading: Reading): void {
    this.#last = reading;
    this.#lastBootAheadMs = this.#bootAheadMs(reading);
  }

  /** Dear to read, so only with each tick and each jump. */
  #bootAheadMs({ monotonicMs }: Reading): number {
    return (this.#host.bootMs() ?? monotonicMs) - monotonicMs;
  }

  #read(): Reading {
    const monotonicMs = this.#host.monotonicMs();
    return { monotonicMs, wallAheadMs: this.#host.wallMs() - monotonicMs };
  }
}

function remember<TEntry>(entries: TEntry[], entry: TEntry): void {
  entries.push(entry);
  if (entries.length > mostRemembered) entries.shift();
}
