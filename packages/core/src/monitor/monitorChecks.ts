import { assign, raise, sendTo } from 'xstate';
import { UndecidedError } from '../errors.ts';
import type { MonitorEvent } from '../events/events.ts';
import type { Verdict } from '../model/verdict.ts';
import { jittered } from '../runtime/random.ts';
import { intervalAt, paceOf } from './checkInterval.ts';
import { judgements, lateMs, type MonitorContext, noted, now, tookMs, withinGrace } from './monitorContext.ts';
import { withTurns } from './monitorTurns.ts';
import { type Activity, staleReason } from './staleness.ts';

/** What of a monitor the age-and-idle rule looks at. */
const activityOf = ({ connectedAt, activeAt, options: { maxAgeMs, maxIdleMs } }: MonitorContext): Activity => ({
  connectedAt,
  activeAt,
  maxAgeMs,
  maxIdleMs,
});

/** How a monitor's chart paces its checks, and what it makes of each. */
export const withChecks = withTurns.extend({
  actions: {
    drawInterval: assign(({ context }) => {
      const { health, streaks, options, runtime } = context;
      const pace = paceOf({ health, streaks, excused: withinGrace(context) }, options);
      return { dueAt: now(context) + jittered(intervalAt(pace, options), options.jitter, runtime.random()) };
    }),
    noteAsked: assign({ askedAt: ({ context }) => now(context) }),
    noteVerdict: assign(({ context }, verdict: Verdict) => noted(context, verdict)),
    noteBreakage: assign(({ context }, cause: unknown) => noted(context, undefined, cause)),
    noteTimeout: assign(({ context }) =>
      noted(context, { status: 'fail', detail: `no answer within ${context.options.timeoutMs} ms` }),
    ),
    noteStale: assign({ detail: ({ context }) => staleReason(activityOf(context), now(context)) }),
    pronounce: raise(({ context }) => ({ type: withinGrace(context) ? 'probe.excused' : judgements[context.outcome] })),
    reportStall: sendTo(
      ({ context }) => context.listener,
      ({ context }): MonitorEvent => ({
        type: 'verdict.discarded',
        id: context.id,
        reason: 'stall',
        lateMs: lateMs(context),
        epoch: context.epoch,
        tookMs: tookMs(context),
      }),
    ),
    reportUndecided: sendTo(
      ({ context }) => context.listener,
      ({ context }, cause: unknown): MonitorEvent => ({
        type: 'verdict.discarded',
        id: context.id,
        reason: 'undecided',
        detail: cause instanceof UndecidedError ? cause.message : '',
        epoch: context.epoch,
        tookMs: tookMs(context),
      }),
    ),
    pronounceStale: raise({ type: 'target.stale' }),
    reportCheck: sendTo(
      ({ context }) => context.listener,
      ({ context }): MonitorEvent => {
        const { id, verdict, cause, epoch, streaks } = context;
        return verdict === undefined
          ? { type: 'check.failed', id, cause, errors: streaks.errors, tookMs: tookMs(context) }
          : { type: 'verdict.judged', id, verdict, epoch, tookMs: tookMs(context) };
      },
    ),
  },
  guards: {
    isUndecided: (_, cause: unknown) => cause instanceof UndecidedError,
    isStalled: ({ context }) => lateMs(context) > context.options.stallToleranceMs,
    isStale: ({ context }) => staleReason(activityOf(context), now(context)) !== undefined,
  },
  delays: {
    timeout: ({ context }) => context.options.timeoutMs,
    interval: ({ context }) => Math.max(0, (context.dueAt ?? 0) - now(context)),
  },
});
