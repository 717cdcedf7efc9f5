import { type Clock, InvalidOptionError, systemClock } from '@watchkeeper/core';
import { clockRule, randomRule } from '@watchkeeper/core/adapters';
import {
  callable,
  durationMs,
  optional,
  positiveCount,
  positiveMs,
  type Rule,
  type Rules,
  ratio,
  resolveOptions,
} from '@watchkeeper/core/options';
import type { LoadSample } from './aimdLimit.ts';

/** How much a request matters when not all can be served. */
export type LoadPriority = 'high' | 'normal' | 'low';

/** Options of `loadLimiter`. */
export interface LoadLimiterOptions {
  /**
   * The loop is overloaded while its turns are late by more than this on average, in milliseconds.
   * @default 50
   */
  readonly maxDelayMs?: number;
  /**
   * A loop that is busy for more than this share of the time lets the limit grow no further. It is not overloaded for it.
   * @default 0.98
   */
  readonly maxUtilisation?: number;
  /**
   * The time over which the load is measured, in milliseconds.
   * @default 250
   */
  readonly sampleMs?: number;
  /**
   * How long the loop must be in time again before it counts as no longer overloaded, in milliseconds.
   * @default 1000
   */
  readonly recoverMs?: number;
  /**
   * The fewest requests in flight that the limit comes down to.
   * @default 4
   */
  readonly minLimit?: number;
  /**
   * The most requests in flight; the limit begins here.
   * @default 10000
   */
  readonly maxLimit?: number;
  /**
   * What the limit grows by in each `sampleMs` without overload.
   * @default 10
   */
  readonly increase?: number;
  /**
   * The share of what was in flight that the limit comes down to in each `sampleMs` of overload.
   * @default 0.8
   */
  readonly decrease?: number;
  /**
   * The share of the limit up to which requests of each priority get in: what is left is kept for those that matter more.
   * @default { high: 1, normal: 0.8, low: 0.5 }
   */
  readonly shares?: Readonly<Record<LoadPriority, number>>;
  /**
   * What the refused are told to wait at least, in milliseconds.
   * @default 1000
   */
  readonly retryAfterMs?: number;
  /**
   * The share of `retryAfterMs` that is added to it at random, so that those refused together come back one by one.
   * @default 1
   */
  readonly retryJitter?: number;
  /**
   * Returns the load since its last call; asked at most once in `sampleMs`. A failure leaves the load as it was, and
   * fails the check of `probe`.
   * @default the event loop of this process, from `node:perf_hooks`
   */
  readonly measure?: (() => LoadSample) | undefined;
  /**
   * The source of time.
   * @default the process's clock
   */
  readonly clock?: Clock;
  /**
   * The source of chance: a number from 0 up to 1, as `Math.random`.
   * @default Math.random
   */
  readonly random?: () => number;
}

const defaultShares: Readonly<Record<LoadPriority, number>> = { high: 1, normal: 0.8, low: 0.5 };

/** Defaults of {@link LoadLimiterOptions}. */
export const loadLimiterDefaults = {
  maxDelayMs: 50,
  maxUtilisation: 0.98,
  sampleMs: 250,
  recoverMs: 1_000,
  minLimit: 4,
  maxLimit: 10_000,
  increase: 10,
  decrease: 0.8,
  shares: defaultShares,
  retryAfterMs: 1_000,
  retryJitter: 1,
  measure: undefined,
  random: Math.random,
} as const satisfies Required<Omit<LoadLimiterOptions, 'clock'>>;

const decreaseRule: Rule<number> = {
  is: 'a number above 0 and below 1',
  accepts: (value): value is number => typeof value === 'number' && value > 0 && value < 1,
};

const shareRule: Rule<number> = {
  is: 'a number above 0 and up to 1',
  accepts: (value): value is number => typeof value === 'number' && value > 0 && value <= 1,
};

const sharesRule: Rule<NonNullable<LoadLimiterOptions['shares']>> = {
  is: 'an object with high, normal and low',
  accepts: (value): value is NonNullable<LoadLimiterOptions['shares']> => typeof value === 'object' && value !== null,
};

const rules: Rules<LoadLimiterOptions> = {
  maxDelayMs: positiveMs,
  maxUtilisation: ratio,
  sampleMs: positiveMs,
  recoverMs: durationMs,
  minLimit: positiveCount,
  maxLimit: positiveCount,
  increase: positiveCount,
  decrease: decreaseRule,
  shares: sharesRule,
  retryAfterMs: positiveMs,
  retryJitter: ratio,
  measure: optional(callable<() => LoadSample>()),
  clock: clockRule,
  random: randomRule,
};

/** Options that are complete and checked. */
export type ResolvedLoadLimiterOptions = Readonly<Required<LoadLimiterOptions>>;

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveLoadLimiterOptions(given: LoadLimiterOptions | undefined): ResolvedLoadLimiterOptions {
  const defaults = { ...loadLimiterDefaults, clock: systemClock() };
  const resolved = resolveOptions<Required<LoadLimiterOptions>>('loadLimiter', rules, defaults, given);
  const shareRules = { high: shareRule, normal: shareRule, low: shareRule };
  const shares = resolveOptions('loadLimiter.shares', shareRules, defaultShares, resolved.shares);
  const { minLimit, maxLimit } = resolved;
  if (minLimit > maxLimit) {
    throw new InvalidOptionError('loadLimiter.minLimit', `at most maxLimit, which is ${maxLimit}`, minLimit);
  }
  return { ...resolved, shares };
}
