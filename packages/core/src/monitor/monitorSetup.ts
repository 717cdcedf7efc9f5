import { assertEvent, assign, raise, sendTo, setup } from 'xstate';
import { isUndecided, UnheededSignalError } from '../errors.ts';
import type { AlertHold, MonitorEvent } from '../events/events.ts';
import { detailOfMessage } from '../model/detail.ts';
import type { Health } from '../model/health.ts';
import type { Verdict } from '../model/verdict.ts';
import { jittered } from '../runtime/random.ts';
import { lastOf, noFailures } from './checkFailure.ts';
import { intervalAt, paceOf } from './checkInterval.ts';
import { noFlaps } from './flapping.ts';
import {
  contextAfterCheck,
  isTimeoutVoid,
  isVoid,
  type Judgement,
  judgements,
  type MonitorCommand,
  type MonitorContext,
  type MonitorInput,
  now,
  pauseDetail,
  stalledMs,
  thresholdsOf,
  tookMs,
  withinGrace,
} from './monitorContext.ts';
import { alertThreshold } from './monitorOptions.ts';
import type { MonitorSnapshot } from './monitorSnapshot.ts';
import { assumedHealth } from './pauseOptions.ts';
import { runProbe } from './runProbe.ts';
import { type Activity, staleReason } from './staleness.ts';
import { noStreaks } from './streaks.ts';

/** The actions, guards, delays and actors of the monitor's chart. */
export const monitorSetup = setup({
  types: {
    context: {} as MonitorContext,
    events: {} as MonitorCommand | Judgement,
    input: {} as MonitorInput,
    output: {} as { reason: 'stopped' },
    tags: {} as Health,
  },
  actors: { runProbe },
  actions: {
    // Health
    setHealth: assign(({ context }, health: Health) => ({
      health,
      decision: health === 'starting' ? 'none' : context.decision,
      formerHealth: context.health,
      changes: context.changes + 1,
      // A health that is restored is as old as it was.
      since: context.changes === 0 && context.restored?.health === health ? context.restored.since : now(context),
    })),
    reportHealth: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, formerHealth, health, detail, epoch, changes, options, assumed } }): MonitorEvent => ({
        type: 'health.changed',
        id,
        from: formerHealth,
        to: health,
        epoch,
        seq: changes,
        requiredFor: options.requiredFor,
        ...(detail === undefined ? {} : { detail }),
        ...(health === 'paused' && assumed !== undefined ? { assumed } : {}),
      }),
    ),

    // Commands of the owner
    noteConnected: assign(({ context }) => ({ connectedAt: now(context), activeAt: now(context) })),
    noteReconnecting: assign({ detail: 'reconnecting' }),
    noteActivity: assign({ activeAt: ({ context }) => now(context) }),
    notePause: assign(({ context, event }) => {
      assertEvent(event, 'pause');
      const known = context.health === 'paused' ? context.known : assumedHealth('last', context.health);
      return {
        known,
        assumed: assumedHealth(event.assume ?? 'last', known ?? 'starting'),
        pausedUntil: event.ttlMs === undefined ? undefined : now(context) + event.ttlMs,
        detail: pauseDetail(event.ttlMs),
      };
    }),
    reportAssumption: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, epoch, options, assumed } }): MonitorEvent => ({
        type: 'monitor.updated',
        id,
        epoch,
        requiredFor: options.requiredFor,
        // Nothing is assumed of a target that nothing is known of: it counts as paused, and so for nothing.
        assumed: assumed ?? 'paused',
      }),
    ),
    clearDetail: assign({ detail: undefined }),
    resume: raise({ type: 'resume' }),
    setCheckPending: assign({ checkPending: true }),
    clearCheckPending: assign({ checkPending: false }),
    beginEpoch: assign(({ context, event }) => {
      assertEvent(event, 'update');
      const { probe, options } = event;
      const lastFailures = probe === undefined ? lastOf(context.lastFailures, options.keptFailures) : noFailures;
      const begun = { epoch: context.epoch + 1, options, lastFailures };
      if (probe === undefined) return begun;
      return { ...begun, probe, streaks: noStreaks, flaps: noFlaps, registeredAt: now(context), detail: undefined };
    }),
    forgetJudgement: assign({ streaks: noStreaks, detail: undefined, checkPending: false }),
    reportUpdate: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, epoch, options } }): MonitorEvent => ({
        type: 'monitor.updated',
        id,
        epoch,
        requiredFor: options.requiredFor,
      }),
    ),

    // The permit to check
    renewPermitId: assign({ permitId: ({ context }) => context.permitId + 1 }),
    acquirePermit: ({ context: { id, probe, limiter, permitId }, self }) =>
      limiter.acquire({
        id,
        host: probe.host ?? `monitor:${id}`,
        start: () => self.send({ type: 'permit.granted', permitId }),
      }),
    releasePermit: ({ context: { id, limiter } }) => limiter.release(id),

    // A run that outlasts its check
    awaitFormerRun: ({ context: { id, probe, limiter, permitId }, self }) =>
      limiter.runs.whenEnded(id, probe, () => self.send({ type: 'run.ended', permitId })),
    forgetFormerRun: ({ context: { id, limiter } }) => limiter.runs.forget(id),
    // Nothing was asked, so this check took no time.
    noteUnheeded: assign(({ context }) => ({
      ...contextAfterCheck(context, undefined, new UnheededSignalError()),
      checkStartedAt: now(context),
    })),

    // Checks
    scheduleNextCheck: assign(({ context }) => {
      const { health, streaks, options, runtime } = context;
      const pace = paceOf({ health, streaks, excused: withinGrace(context) }, thresholdsOf(context));
      return {
        begunLateMs: 0,
        dueAt: now(context) + jittered(intervalAt(pace, options), options.jitter, runtime.random()),
      };
    }),
    noteDue: assign({ begunLateMs: ({ context }) => Math.max(0, now(context) - (context.dueAt ?? now(context))) }),
    noteCheckStarted: assign({ checkStartedAt: ({ context }) => now(context) }),
    noteVerdict: assign(({ context }, verdict: Verdict) =>
      contextAfterCheck(context, measuredFairly(context, verdict)),
    ),
    noteError: assign(({ context }, cause: unknown) => contextAfterCheck(context, undefined, cause)),
    noteTimeout: assign(({ context }) =>
      contextAfterCheck(context, { status: 'fail', detail: `no answer within ${context.options.timeoutMs} ms` }),
    ),
    noteStale: assign({ detail: ({ context }) => staleReason(activityOf(context), now(context)) }),
    judgeCheck: raise(({ context }) => ({
      type: withinGrace(context) ? 'probe.excused' : judgements[context.outcome],
    })),
    judgeStale: raise({ type: 'target.stale' }),
    reportCheck: sendTo(
      ({ context }) => context.listener,
      ({ context }): MonitorEvent => {
        const { id, verdict, cause, epoch, streaks } = context;
        return verdict === undefined
          ? { type: 'check.failed', id, cause, errors: streaks.errors, tookMs: tookMs(context) }
          : { type: 'verdict.judged', id, verdict, epoch, tookMs: tookMs(context) };
      },
    ),
    noteStall: assign({ stall: ({ context }) => ({ lateMs: stalledMs(context), tookMs: tookMs(context) }) }),
    reportStall: sendTo(
      ({ context }) => context.listener,
      ({ context }): MonitorEvent => {
        const { id, epoch, stall, runtime } = context;
        const cause = runtime.stalls.causeOf(tookMs(context) + 1);
        const { lateMs = 0, tookMs: took = 0 } = stall ?? {};
        const event = { type: 'verdict.discarded', id, reason: 'stall', lateMs, epoch, tookMs: took } as const;
        return cause === undefined ? event : { ...event, cause };
      },
    ),
    reportUndecided: sendTo(
      ({ context }) => context.listener,
      ({ context }, cause: unknown) => undecided(context, detailOfMessage(cause)),
    ),
    reportHeldUp: sendTo(
      ({ context }) => context.listener,
      ({ context }) => undecided(context, context.limiter.runs.heldUpBy(context.id) ?? ''),
    ),

    // Alerts and flapping
    raiseAlert: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, detail, streaks } }): MonitorEvent => ({
        type: 'alert.raised',
        id,
        failures: streaks.failures,
        ...(detail === undefined ? {} : { detail }),
      }),
    ),
    clearAlert: sendTo(
      ({ context }) => context.listener,
      ({ context: { id } }): MonitorEvent => ({ type: 'alert.cleared', id }),
    ),
    reportAlertHeld: sendTo(
      ({ context }) => context.listener,
      ({ context }): MonitorEvent => ({
        type: 'alert.held',
        id: context.id,
        failures: context.streaks.failures,
        ...(context.detail === undefined ? {} : { detail: context.detail }),
        ...holdOf(context),
      }),
    ),
    reportFlappingBegan: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, flaps } }): MonitorEvent => ({ type: 'flapping.began', id, penalty: flaps.penalty }),
    ),
    reportFlappingEnded: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, flaps } }): MonitorEvent => ({ type: 'flapping.ended', id, penalty: flaps.penalty }),
    ),
  },
  guards: {
    // What an earlier program left
    restoresHealth: ({ context }, health: Health) => context.restored?.health === health,
    beginsAs: ({ context }, health: Health) =>
      context.restored === undefined && context.epoch === 1 && context.options.initialHealth === health,
    restoresAlert: ({ context }, alert: MonitorSnapshot['alert']) => context.restored?.alert === alert,
    restoresPause: ({ context }) => context.restored?.health === 'paused',
    restoresPauseUntil: ({ context }) => context.restored?.health === 'paused' && context.pausedUntil !== undefined,

    // Thresholds
    passedEnough: ({ context }) => context.streaks.passes >= thresholdsOf(context).successThreshold,
    failedEnough: ({ context }) => context.streaks.failures >= thresholdsOf(context).failureThreshold,
    erredEnough: ({ context: { streaks, options, cause } }) =>
      streaks.errors >= options.errorThreshold || cause instanceof UnheededSignalError,

    // Commands of the owner
    hasPauseTtl: ({ event }) => event.type === 'pause' && event.ttlMs !== undefined,
    isNewProbe: ({ event }) => event.type === 'update' && event.probe !== undefined,

    // Checks
    isUnstaggered: ({ context }) => context.options.staggerMs === 0 && (context.restored?.dueAt ?? 0) <= now(context),
    isCurrentPermit: ({ context, event }) => event.type === 'permit.granted' && event.permitId === context.permitId,
    isFormerRunUnderWay: ({ context: { id, probe, limiter, permitId }, event }) =>
      event.type === 'permit.granted' && event.permitId === permitId && limiter.runs.isUnderWay(id, probe),
    isCurrentRun: ({ context, event }) => event.type === 'run.ended' && event.permitId === context.permitId,
    isCheckPending: ({ context }) => context.checkPending,
    isUndecided: (_, cause: unknown) => isUndecided(cause),
    isHeldUp: ({ context: { id, limiter } }) => limiter.runs.heldUpBy(id) !== undefined,
    isTimeoutVoid: ({ context }) => isTimeoutVoid(context),
    isVoid: ({ context }, { byTime }: Verdict) => byTime === true && isVoid(context),
    isCauseKnown: ({ context }) => context.runtime.stalls.causeAfterMs === 0,
    isStale: ({ context }) => staleReason(activityOf(context), now(context)) !== undefined,

    // Alerts and flapping
    isAlertDue: ({ context }) => isAlertDue(context),
    isAlertHeld: ({ context }) =>
      isAlertDue(context) && (context.flaps.flapping || context.rootCauseOf(context.id) !== undefined),
    isFlapping: ({ context }) => context.flaps.flapping,
    isCalm: ({ context }) => !context.flaps.flapping,
  },
  delays: {
    stagger: ({ context }) => {
      const { restored, options, runtime } = context;
      if (restored?.dueAt !== undefined) return Math.max(0, restored.dueAt - now(context));
      return options.staggerMs === 0 ? 0 : options.staggerMs * runtime.random();
    },
    timeout: ({ context }) => context.options.timeoutMs,
    // The signal of a run aborts when its time is up, at the latest; it gets as long again to end.
    patience: ({ context }) => Math.max(0, context.checkStartedAt + 2 * context.options.timeoutMs - now(context)),
    causeOfStall: ({ context }) => context.runtime.stalls.causeAfterMs,
    interval: ({ context }) => Math.max(0, (context.dueAt ?? 0) - now(context)),
    pauseTtl: ({ context }) => Math.max(0, (context.pausedUntil ?? 0) - now(context)),
  },
});

/** The part of a context that the age-and-idle rule reads. */
function activityOf({ connectedAt, activeAt, options: { maxAgeMs, maxIdleMs } }: MonitorContext): Activity {
  return { connectedAt, activeAt, maxAgeMs, maxIdleMs };
}

/** A latency that this program may itself have caused is charged to nobody. */
function measuredFairly(context: MonitorContext, verdict: Verdict): Verdict {
  if (verdict.latencyMs === undefined || !isVoid(context)) return verdict;
  const { latencyMs: _latencyMs, ...rest } = verdict;
  return rest;
}

function isAlertDue({ streaks, options }: MonitorContext): boolean {
  return streaks.failures >= alertThreshold(options);
}

/** The reason why an alert that is due is held. */
function holdOf({ id, rootCauseOf, flaps }: MonitorContext): AlertHold {
  const rootCause = rootCauseOf(id);
  return rootCause === undefined ? { reason: 'flapping', penalty: flaps.penalty } : { reason: 'dependency', rootCause };
}

/** Says that a check was discarded, as there was nothing to judge. */
function undecided(context: MonitorContext, detail: string): MonitorEvent {
  const { id, epoch } = context;
  return { type: 'verdict.discarded', id, reason: 'undecided', detail, epoch, tookMs: tookMs(context) };
}
