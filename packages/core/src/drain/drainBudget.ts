import { InvalidOptionError } from '../errors.ts';
import { durationMs, type Rule, type Rules, requireOption, resolveOptions, text } from '../rules.ts';
import type { ResolvedDrainOptions } from './drainOptions.ts';

/** Time that a platform gives a program to end, and how much of it is not the drain's. */
export interface DrainBudget {
  /** How long after its signal the platform kills: Kubernetes' `terminationGracePeriodSeconds`, in milliseconds. */
  readonly terminationGraceMs: number;
  /** What else takes of it, each by the name of the option that says so, in milliseconds. */
  readonly spentMs: Readonly<Record<string, number>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const budgetRules: Rules<DrainBudget> = {
  terminationGraceMs: durationMs,
  spentMs: {
    is: 'an object of durations in milliseconds',
    accepts: (value): value is Readonly<Record<string, number>> =>
      isRecord(value) && Object.values(value).every(durationMs.accepts),
  },
};

const noBudget: DrainBudget = { terminationGraceMs: 0, spentMs: {} };

const drainRule: Rule<object> = {
  is: 'an object with noticeMs, graceMs and deadlineMs',
  accepts: (value): value is object =>
    isRecord(value) && ['noticeMs', 'graceMs', 'deadlineMs'].every((name) => durationMs.accepts(value[name])),
};

/**
 * Checks that a drain fits into the time that the platform gives: one that is killed half-way is no drain, and that
 * should be known before the first deploy.
 *
 * @param owner names the options in errors: `supervisor` gives `supervisor.drain.deadlineMs`.
 * @throws {@link InvalidOptionError} for `terminationGraceMs` when nothing of it is left for a drain, for `drain` when
 * its notice and grace do not fit into what is left, and for `drain.deadlineMs` when that comes later.
 * @example
 * ```ts
 * import { drainDefaults, requireDrainBudget } from '@watchkeeper/core';
 *
 * requireDrainBudget('program', drainDefaults, { terminationGraceMs: 30_000, spentMs: { preStopMs: 5_000 } });
 * ```
 */
export function requireDrainBudget(
  owner: string,
  drain: Pick<ResolvedDrainOptions, 'noticeMs' | 'graceMs' | 'deadlineMs'>,
  budget: DrainBudget,
): void {
  requireOption('requireDrainBudget.owner', text, owner);
  requireOption('requireDrainBudget.drain', drainRule, drain);
  const { terminationGraceMs, spentMs } = resolveOptions<DrainBudget>(
    owner,
    budgetRules,
    noBudget,
    budget === undefined ? {} : budget,
  );
  const sumMs = Object.values(spentMs).reduce((sum, ms) => sum + ms, 0);
  const leftMs = terminationGraceMs - sumMs;
  if (leftMs <= 0) {
    const rule = `more than ${Object.keys(spentMs).join(' + ')} (${sumMs})`;
    throw new InvalidOptionError(`${owner}.terminationGraceMs`, rule, terminationGraceMs);
  }
  const { noticeMs, graceMs, deadlineMs } = drain;
  const neededMs = noticeMs + graceMs;
  if (neededMs > leftMs) {
    const rule = `such that noticeMs + graceMs (${neededMs}) fit into what terminationGraceMs leaves (${leftMs})`;
    throw new InvalidOptionError(`${owner}.drain`, rule, drain);
  }
  if (deadlineMs > leftMs) {
    const rule = `at most what terminationGraceMs leaves (${leftMs})`;
    throw new InvalidOptionError(`${owner}.drain.deadlineMs`, rule, deadlineMs);
  }
}
