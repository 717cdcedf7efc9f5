import { type Clock, systemClock } from '@watchkeeper/core';
import { clockRule } from '@watchkeeper/core/adapters';
import {
  callable,
  durationMs,
  objectWith,
  optional,
  positiveMs,
  type Rules,
  resolveOptions,
} from '@watchkeeper/core/options';
import type { History } from '../history/history.ts';

/** Options of {@link keepArchive}. Every option may be left out. */
export interface ArchiveOptions {
  /**
   * A history, as {@link keepHistory} returns it, to be kept too.
   * @default only what monitors know is kept
   */
  readonly history?: Pick<History, 'snapshot'> | undefined;
  /**
   * How often everything is written, in milliseconds. A program that is killed forgets as much; it must be well below
   * the supervisor's `resumeMaxAgeMs`.
   * @default 60000
   */
  readonly intervalMs?: number;
  /**
   * How soon after an alert was raised or cleared everything is written, in milliseconds.
   * @default 1000
   */
  readonly urgentMs?: number;
  /**
   * Called with the reason when a write failed. The next interval tries again.
   * @default nobody; {@link KeptArchive.failures} counts
   */
  readonly onFailure?: (cause: unknown) => void;
  /**
   * Where time comes from.
   * @default the system's clock
   */
  readonly clock?: Clock;
}

/** Defaults of {@link ArchiveOptions}. */
export const archiveDefaults = {
  history: undefined,
  intervalMs: 60_000,
  urgentMs: 1_000,
  onFailure: () => {},
} as const satisfies Required<Omit<ArchiveOptions, 'clock'>>;

const archiveRules: Rules<ArchiveOptions> = {
  history: optional(objectWith<Pick<History, 'snapshot'>>('snapshot')),
  intervalMs: positiveMs,
  urgentMs: durationMs,
  onFailure: callable<(cause: unknown) => void>(),
  clock: clockRule,
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveArchiveOptions(given: ArchiveOptions | undefined): Required<ArchiveOptions> {
  const defaults: Required<ArchiveOptions> = { ...archiveDefaults, clock: systemClock() };
  return resolveOptions<Required<ArchiveOptions>>('archive', archiveRules, defaults, given);
}
