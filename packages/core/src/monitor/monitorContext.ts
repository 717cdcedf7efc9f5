import type { ActorRef, Snapshot } from 'xstate';
import type { MonitorEvent } from '../events/events.ts';
import { detailLine, detailOf } from '../model/detail.ts';
import type { Health } from '../model/health.ts';
import type { Probe } from '../model/probe.ts';
import { readVerdict, type Verdict } from '../model/verdict.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type CheckFailure, lastOf, noFailures, readFailure } from './checkFailure.ts';
import type { Thresholds } from './checkInterval.ts';
import type { CheckLimiter } from './checkLimiter.ts';
import { type Flaps, flapsAfterCheck, noFlaps } from './flapping.ts';
import type { ResolvedMonitorOptions } from './monitorOptions.ts';
import type { MonitorSnapshot } from './monitorSnapshot.ts';
import type { Assumption } from './pauseOptions.ts';
import { noStreaks, type Outcome, type Streaks, streaksAfterCheck } from './streaks.ts';

/** Input of the monitor machine. */
export interface MonitorInput {
  readonly id: string;
  readonly probe: Probe;
  readonly options: ResolvedMonitorOptions;
  /** The registration that verdicts belong to; an update or a restart begins a new one (INV-45). */
  readonly epoch: number;
  readonly runtime: Runtime;
  /** The monitor at the bottom of what lets one of this id down, if anything does. */
  readonly rootCauseOf: (id: string) => string | undefined;
  /** State that an earlier program, or an earlier actor of this monitor, left; absent where it starts anew. */
  readonly restored?: MonitorSnapshot | undefined;
  /** Limits the checks that run at once. */
  readonly limiter: CheckLimiter;
  /** Receives every event of this monitor. */
  readonly listener: ActorRef<Snapshot<unknown>, MonitorEvent>;
}

/** Context of the monitor machine. Times are epoch milliseconds. */
export interface MonitorContext extends MonitorInput {
  readonly streaks: Streaks;
  readonly flaps: Flaps;
  readonly outcome: Outcome;
  /** Whether the latest check is the first to decide, a later one, or whether none has decided yet. */
  readonly decision: 'none' | 'first' | 'later';
  readonly verdict: Verdict | undefined;
  readonly cause: unknown;
  readonly health: Health;
  readonly formerHealth: Health;
  readonly changes: number;
  readonly since: number;
  readonly detail: string | undefined;
  readonly registeredAt: number;
  readonly connectedAt: number;
  readonly activeAt: number;
  /** When the running check, or the last one, started. */
  readonly checkStartedAt: number;
  readonly checkedAt: number | undefined;
  readonly healthyAt: number | undefined;
  /** The latest last. */
  readonly lastFailures: readonly CheckFailure[];
  /** How late the check under way, or the last one, began after it was due, in milliseconds. */
  readonly begunLateMs: number;
  /** How long this program stood still in or before a check that is void for it, and how long that took. */
  readonly stall: { readonly lateMs: number; readonly tookMs: number } | undefined;
  /** When the next check is due. */
  readonly dueAt: number | undefined;
  /** Whether one more check follows the running one at once. */
  readonly checkPending: boolean;
  /** The number of its latest request for a permit to check; a permit granted to an older request is too late. */
  readonly permitId: number;
  readonly pausedUntil: number | undefined;
  /** What was known when its pause began, and what counts for it meanwhile; `undefined` where that is nothing. */
  readonly known: Health | undefined;
  readonly assumed: Health | undefined;
}

/** Commands of the owner, the permit to check, and the end of a run that outlasted its check. */
export type MonitorCommand =
  | { readonly type: 'check' }
  | { readonly type: 'pause'; readonly ttlMs?: number; readonly assume?: Assumption }
  | { readonly type: 'resume' }
  | { readonly type: 'update'; readonly probe?: Probe; readonly options: ResolvedMonitorOptions }
  | { readonly type: 'markConnected' }
  | { readonly type: 'markReconnecting' }
  | { readonly type: 'recordActivity' }
  /** Too little is known of the members of a composite: what was judged by them is known no more. */
  | { readonly type: 'members.unknown' }
  | { readonly type: 'permit.granted'; readonly permitId: number }
  | { readonly type: 'run.ended'; readonly permitId: number }
  | { readonly type: 'stop' };

/** Events that the cadence region raises for the other regions. */
export type Judgement =
  | { readonly type: 'probe.passed' }
  | { readonly type: 'probe.warned' }
  | { readonly type: 'probe.failed' }
  | { readonly type: 'probe.erred' }
  | { readonly type: 'probe.excused' }
  | { readonly type: 'target.stale' };

/** The event that the cadence region raises for each outcome. */
export const judgements = {
  pass: 'probe.passed',
  warn: 'probe.warned',
  fail: 'probe.failed',
  error: 'probe.erred',
} as const satisfies Record<Outcome, Judgement['type']>;

/** The present instant of the monitor's clock. */
export const now = ({ runtime }: MonitorContext): number => runtime.clock.now();

/** Duration of the check that ends now, in milliseconds. */
export const tookMs = (context: MonitorContext): number => Math.max(0, now(context) - context.checkStartedAt);

/** How late the timeout of the check under way is noticed, in milliseconds: only a program that stood still is late. */
const lateMs = (context: MonitorContext): number => now(context) - context.checkStartedAt - context.options.timeoutMs;

/** The longest time for which this program stood still within the check under way, in milliseconds. */
const heldMs = (context: MonitorContext): number => context.runtime.stalls.longestMs(tookMs(context) + 1);

/** The same in or just before it: what a target sent while this program stood still has not been read then. */
export const stalledMs = (context: MonitorContext): number =>
  Math.max(context.begunLateMs, heldMs(context), lateMs(context));

/** Whether a verdict by time says nothing of its target, because this program stood still. */
export const isVoid = (context: MonitorContext): boolean => stalledMs(context) > context.options.stallToleranceMs;

/**
 * Whether a timeout says nothing of its target: it is noticed late, or this program stood still for most of its time. A
 * shorter stall leaves the target time enough, and must not keep one that is dead from being found so.
 */
export function isTimeoutVoid(context: MonitorContext): boolean {
  const { stallToleranceMs, timeoutMs } = context.options;
  const held = heldMs(context);
  return lateMs(context) > stallToleranceMs || (held > stallToleranceMs && held * 2 > timeoutMs);
}

/** A failure this early says only that the target is still starting (INV-43). A clock that was set back makes none early. */
export const withinGrace = (context: MonitorContext): boolean =>
  (context.outcome === 'fail' || context.outcome === 'error') &&
  Math.abs(now(context) - context.registeredAt) < context.options.startGraceMs;

/** The thresholds that the latest check is held against: until one has decided, that of the start. */
export function thresholdsOf({ decision, outcome, options }: MonitorContext): Thresholds {
  const { startThreshold, failureThreshold, errorThreshold } = options;
  if (decision === 'later') return options;
  return {
    failureThreshold: outcome === 'error' ? failureThreshold : startThreshold,
    successThreshold: startThreshold,
    errorThreshold,
  };
}

/** Whether the latest check decides what the health is. */
function decides(context: MonitorContext): boolean {
  const { passes, failures, errors } = context.streaks;
  const { successThreshold, failureThreshold, errorThreshold } = thresholdsOf(context);
  return passes >= successThreshold || failures >= failureThreshold || errors >= errorThreshold;
}

/** Whether the latest check takes down a target that worked before it. */
function goesDown(context: MonitorContext): boolean {
  const { health, streaks, decision } = context;
  const options = thresholdsOf(context);
  const works = health === 'healthy' || health === 'degraded';
  const failed = streaks.failures >= options.failureThreshold || streaks.errors >= options.errorThreshold;
  return works && decision === 'later' && failed && !withinGrace(context);
}

/** The changes that one more check makes; `verdict` is absent when the check broke. */
export function contextAfterCheck(
  context: MonitorContext,
  verdict: Verdict | undefined,
  cause?: unknown,
): Partial<MonitorContext> {
  const outcome = verdict?.status ?? 'error';
  const checkedAt = now(context);
  const good = outcome === 'pass' || outcome === 'warn';
  const streaks = streaksAfterCheck(context.streaks, outcome);
  const detail = verdict === undefined ? detailOf(cause) : verdict.detail;
  const failure = (): CheckFailure => ({
    at: checkedAt,
    tookMs: tookMs(context),
    ...(verdict === undefined ? {} : { verdict }),
    ...(detail === undefined ? {} : { detail }),
  });
  const fresh = { ...context, outcome, streaks, decision: context.decision === 'none' ? 'none' : 'later' } as const;
  const decision = fresh.decision === 'none' && decides(fresh) && !withinGrace(fresh) ? 'first' : fresh.decision;
  return {
    outcome,
    decision,
    verdict,
    cause,
    checkedAt,
    streaks,
    flaps: flapsAfterCheck(context.flaps, goesDown(fresh), checkedAt, context.options),
    detail,
    ...(good
      ? { activeAt: checkedAt, healthyAt: checkedAt }
      : { lastFailures: lastOf([...context.lastFailures, failure()], context.options.keptFailures) }),
  };
}

/** The context before the first check: only what is restored is known (INV-67). */
export function initialContext(input: MonitorInput): MonitorContext {
  const { id, probe, options, epoch, runtime, rootCauseOf, restored, limiter, listener } = input;
  const registeredAt = runtime.clock.now();
  // Named one by one, so that all contexts share one shape in memory.
  const fresh: MonitorContext = {
    id,
    probe,
    options,
    epoch,
    runtime,
    rootCauseOf,
    restored,
    limiter,
    listener,
    streaks: noStreaks,
    flaps: noFlaps,
    outcome: 'pass',
    decision: restored === undefined || restored.health === 'starting' ? 'none' : 'later',
    verdict: undefined,
    cause: undefined,
    health: 'stopped',
    formerHealth: 'stopped',
    changes: 0,
    since: registeredAt,
    detail: undefined,
    registeredAt,
    connectedAt: registeredAt,
    activeAt: registeredAt,
    checkStartedAt: registeredAt,
    checkedAt: undefined,
    healthyAt: undefined,
    lastFailures: noFailures,
    checkPending: false,
    permitId: 0,
    begunLateMs: 0,
    stall: undefined,
    dueAt: undefined,
    pausedUntil: undefined,
    known: restored?.assumed,
    assumed: restored?.assumed,
  };
  return restored === undefined ? fresh : { ...fresh, ...restoredContext(restored, options.keptFailures) };
}

/** The part of the context that is restored at once; the chart restores the health and the alert. */
function restoredContext(restored: MonitorSnapshot, keptFailures: number): Partial<MonitorContext> {
  const { health: _health, since: _since, alert: _alert, detail, verdict, lastFailures, ...rest } = restored;
  return {
    ...rest,
    ...(detail === undefined ? {} : { detail: detailLine(detail) }),
    ...(verdict === undefined ? {} : { verdict: readVerdict(verdict) }),
    ...(lastFailures === undefined ? {} : { lastFailures: lastOf(lastFailures, keptFailures).map(readFailure) }),
  };
}

/** The detail of a target that is paused. */
export const pauseDetail = (ttlMs: number | undefined): string =>
  ttlMs === undefined ? 'paused' : `paused for ${ttlMs} ms`;
