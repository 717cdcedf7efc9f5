import type { Clock } from '@watchkeeper/core';
import { clockRule } from '@watchkeeper/core/adapters';
import { callable, durationMs, positiveCount, type Rules, resolveOptions } from '@watchkeeper/core/options';
import { unrefTimers } from '../unrefTimers.ts';

/** A law that did not hold, and what was seen instead. */
export interface FoundViolation {
  readonly law: string;
  readonly found: string;
}

/** Options of {@link watchLaws}. Every option may be left out. */
export interface LawOptions {
  /**
   * How much later than a law says something may come, in milliseconds: events wait their turn behind others.
   * @default 5000
   */
  readonly slackMs?: number;
  /**
   * Where a timer of the watch is later than this, in milliseconds, the program stood still: every wait begins anew.
   * @default 1000
   */
  readonly stallToleranceMs?: number;
  /**
   * How many keys each law remembers, and waits for, at once. Beyond that the oldest is forgotten, and counted as
   * {@link LawWatch.forgotten}: a law may then miss something, and claims nothing.
   * @default 10000
   */
  readonly maxKeys?: number;
  /**
   * How many violations of one law become events within a second. The others are counted by the watch alone.
   * @default 10
   */
  readonly maxEventsPerSecond?: number;
  /**
   * Called with every violation.
   * @default nobody
   */
  readonly onViolation?: (violation: FoundViolation) => void;
  /**
   * The timers by which a watch waits; `now` should not be set back.
   * @default the process's own, which do not keep it alive
   */
  readonly clock?: Clock;
}

/** Defaults of {@link LawOptions}. */
export const lawDefaults = {
  slackMs: 5_000,
  stallToleranceMs: 1_000,
  maxKeys: 10_000,
  maxEventsPerSecond: 10,
  onViolation: () => {},
  clock: unrefTimers,
} as const satisfies Required<LawOptions>;

const lawRules: Rules<LawOptions> = {
  slackMs: durationMs,
  stallToleranceMs: durationMs,
  maxKeys: positiveCount,
  maxEventsPerSecond: positiveCount,
  onViolation: callable<(violation: FoundViolation) => void>(),
  clock: clockRule,
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveLawOptions(given: LawOptions | undefined): Required<LawOptions> {
  return resolveOptions<Required<LawOptions>>('laws', lawRules, lawDefaults, given);
}
