import { type Admit, InvalidOptionError, type Probe, type Verdict } from '@watchkeeper/core';
import { durationMs, type Rules, ratio, resolveOptions } from '@watchkeeper/core/options';
import { spreadRetryMs } from '../spreadRetryMs.ts';
import { type LoadSample, nextLimit } from './aimdLimit.ts';
import { EventLoopMeter } from './eventLoopMeter.ts';
import {
  type LoadLimiterOptions,
  type LoadPriority,
  type ResolvedLoadLimiterOptions,
  resolveLoadLimiterOptions,
} from './loadLimiterOptions.ts';

/** The answer to a request that asks to be served. */
export type LoadPermit =
  /** Release it when the request has ended; harmless twice. */
  { readonly admitted: true; release(): void } | { readonly admitted: false; readonly retryAfterMs: number };

/** Load and limits of one moment. Plain and serialisable. */
export type LoadStats = LoadSample & {
  readonly overloaded: boolean;
  /** Requests in flight, and the most there may be. */
  readonly inFlight: number;
  readonly limit: number;
  /** Who was refused since the limiter was made: requests by priority, and clients that asked for a slot. */
  readonly refused: Readonly<Record<LoadPriority | 'clients', number>>;
};

/** Measures the load of this process, and refuses what would be too much. */
export interface LoadLimiter {
  /** Refuses clients while the loop is overloaded: for the supervisor's option `admit`. */
  readonly admit: Admit;
  /** A check of the load for a monitor, which is `degraded` while anything is refused. */
  readonly probe: Probe;
  /** Takes in a request, or refuses it. `shedLoad` asks for each. */
  acquire(priority: LoadPriority): LoadPermit;
  stats(): LoadStats;
  /** Ends the measuring, and refuses nothing any more. */
  stop(): void;
}

const sampleRules: Rules<LoadSample> = { delayMs: durationMs, utilisation: ratio };
const idle: LoadSample = { delayMs: 0, utilisation: 0 };

/**
 * Makes a limiter of load: requests in flight are limited by how late the event loop is, with additive increase and
 * multiplicative decrease, and new clients are refused while it is overloaded.
 *
 * The load is measured when somebody asks, at most once in `sampleMs`: there is no timer, and nothing to end for a
 * program to end.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { loadLimiter, shedLoad } from '@watchkeeper/http';
 *
 * const limiter = loadLimiter({ maxDelayMs: 40 });
 * const keeper = createSupervisor({ admit: limiter.admit });
 * keeper.monitor('load', limiter.probe, { requiredFor: [] });
 * const shed = shedLoad(keeper, limiter, { routes: { '/pay': 'high', '/reports/*': 'low' } });
 * createServer((request, response) => {
 *   shed(request, response, () => response.end('served'));
 * }).listen(8080);
 * ```
 */
export function loadLimiter(options?: LoadLimiterOptions): LoadLimiter {
  return new AdaptiveLimiter(resolveLoadLimiterOptions(options));
}

class AdaptiveLimiter implements LoadLimiter {
  readonly #options: ResolvedLoadLimiterOptions;
  readonly #meter: EventLoopMeter | undefined;
  readonly #measure: () => LoadSample;
  readonly #refused = { clients: 0, high: 0, normal: 0, low: 0 };
  #sample = idle;
  #sampledAt: number;
  #lateAt = Number.NEGATIVE_INFINITY;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #overloaded = false;
  #stopped = false;
  #limit: number;
  #inFlight = 0;
  #peak = 0;
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: ResolvedLoadLimiterOptions) {
    const { measure, clock, maxLimit } = options;
    this.#options = options;
    this.#meter = measure === undefined ? new EventLoopMeter() : undefined;
    this.#measure = measure ?? (() => this.#meter?.read() ?? idle);
    this.#sampledAt = clock.now();
    this.#limit = maxLimit;
  }

  readonly admit: Admit = () => {
    this.#look();
    return this.#overloaded ? { retryAfterMs: this.#refuse('clients') } : undefined;
  };

  readonly probe: Probe = Object.defineProperty(async () => this.#verdict(), 'name', { value: 'load' });

  acquire(priority: LoadPriority): LoadPermit {
    this.#look();
    const share = this.#options.shares[priority];
    if (!this.#stopped && this.#inFlight >= this.#limit * share) {
      return { admitted: false, retryAfterMs: this.#refuse(priority) };
    }
    this.#inFlight += 1;
    this.#peak = Math.max(this.#peak, this.#inFlight);
    let released = false;
    return {
      admitted: true,
      release: () => {
        if (released) return;
        released = true;
        this.#inFlight -= 1;
      },
    };
  }

  stats(): LoadStats {
    this.#look();
    return {
      delayMs: this.#sample.delayMs,
      utilisation: this.#sample.utilisation,
      overloaded: this.#overloaded,
      inFlight: this.#inFlight,
      limit: this.#limit,
      refused: { ...this.#refused },
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#overloaded = false;
    this.#meter?.stop();
  }

  /** Measures the load, when a window is over. */
  #look(): void {
    const { clock, sampleMs, recoverMs, maxDelayMs } = this.#options;
    const now = clock.now();
    const elapsedMs = now - this.#sampledAt;
    // A clock that was set back begins a new window.
    if (this.#stopped || (elapsedMs >= 0 && elapsedMs < sampleMs)) return;
    this.#sampledAt = now;
    const sample = this.#read();
    if (sample === undefined) return;
    this.#sample = sample;
    const windows = Math.max(1, Math.floor(elapsedMs / sampleMs));
    this.#limit = nextLimit(this.#limit, sample, { peak: this.#peak, windows }, this.#options);
    this.#peak = this.#inFlight;
    if (sample.delayMs > maxDelayMs) this.#lateAt = now;
    this.#overloaded = now - this.#lateAt < Math.max(recoverMs, 1);
  }

  /** Calls `measure`, which may be foreign. */
  #read(): LoadSample | undefined {
    try {
      const sample = resolveOptions<LoadSample>('measure()', sampleRules, idle, requireSample(this.#measure()));
      this.#failure = undefined;
      return sample;
    } catch (cause) {
      this.#failure = { cause };
      return undefined;
    }
  }

  #refuse(whom: LoadPriority | 'clients'): number {
    const { clock, retryAfterMs, retryJitter, random } = this.#options;
    this.#refused[whom] += 1;
    this.#refusedAt = clock.now();
    return spreadRetryMs(retryAfterMs, retryJitter, random());
  }

  #verdict(): Verdict {
    const { delayMs, utilisation, overloaded, inFlight, limit, refused } = this.stats();
    if (this.#failure !== undefined) throw this.#failure.cause;
    const { clock, recoverMs } = this.#options;
    const sheds = overloaded || clock.now() - this.#refusedAt < Math.max(recoverMs, 1);
    const total = refused.clients + refused.high + refused.normal + refused.low;
    const measured = { delayMs, utilisation, inFlight, limit, refused: total };
    if (!sheds) return { status: 'pass', measured };
    const detail = `shedding load: the event loop is ${Math.round(delayMs)} ms late, ${inFlight} of ${limit} in flight`;
    return { status: 'warn', detail, measured };
  }
}

/** @throws `InvalidOptionError` when a part of `sample` is missing, which otherwise would count as a default. */
function requireSample(sample: unknown): object {
  if (typeof sample === 'object' && sample !== null && 'delayMs' in sample && 'utilisation' in sample) return sample;
  throw new InvalidOptionError('measure()', '{ delayMs, utilisation }', sample);
}
