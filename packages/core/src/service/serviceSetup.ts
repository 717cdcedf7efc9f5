import { assertEvent, assign, enqueueActions, sendTo, setup } from 'xstate';
import type { ServiceEvent } from '../events/events.ts';
import { textOf } from '../foreignText.ts';
import { detailLine, detailOf } from '../model/detail.ts';
import type { Health } from '../model/health.ts';
import type { RunEnd, ServiceEnd, ServiceState, StopReason } from '../model/service.ts';
import {
  beatDueAt,
  now,
  type ServiceContext,
  type ServiceInput,
  type ServiceMessage,
  seemingDetail,
  seemingHealth,
} from './serviceContext.ts';

/** The actions, guards and delays of the service's chart. */
export const serviceSetup = setup({
  types: {
    context: {} as ServiceContext,
    events: {} as ServiceMessage,
    input: {} as ServiceInput,
    output: {} as ServiceEnd,
    tags: {} as 'up' | 'quiet',
  },
  actions: {
    // Reports
    reportState: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, run } }, state: ServiceState): ServiceEvent => ({ type: 'service.entered', id, state, run }),
    ),
    becomeHealth: enqueueActions(({ context, enqueue }, health: Health) => {
      if (health === context.health) return;
      const { id, listener, run, options, health: from } = context;
      const seq = context.changes + 1;
      enqueue.assign({ health, formerHealth: from, changes: seq, since: now(context) });
      enqueue.sendTo(
        listener,
        ({ context: { detail } }): ServiceEvent => ({
          type: 'health.changed',
          kind: 'service',
          id,
          from,
          to: health,
          epoch: run,
          seq,
          requiredFor: options.requiredFor,
          ...(detail === undefined ? {} : { detail }),
        }),
      );
    }),
    reportRunEnd: sendTo(
      ({ context }) => context.listener,
      ({ context }): ServiceEvent => {
        const { id, run, last, cause, startedAt } = context;
        const tookMs = Math.max(0, now(context) - (startedAt ?? now(context)));
        return { type: 'run.ended', id, run, how: last?.how ?? 'stop', cause, tookMs };
      },
    ),
    reportStuck: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, run, stopReason } }): ServiceEvent => ({ type: 'service.stuck', id, run, reason: stopReason }),
    ),
    reportHold: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, relations } }): ServiceEvent => {
        const rootCause = relations.rootCauseOf(id);
        return { type: 'service.held', id, ...(rootCause === undefined ? {} : { rootCause }) };
      },
    ),

    reportQuiet: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, run } }): ServiceEvent => ({ type: 'service.quiet', id, run }),
    ),

    // Runs
    nextRun: assign(({ context }) => ({
      run: context.run + 1,
      startedAt: now(context),
      readyAt: undefined,
      said: 'healthy' as const,
      saidDetail: undefined,
      isBeatMissed: false,
      excusedAt: 0,
      cause: undefined,
      nextAt: undefined,
      detail: undefined,
    })),
    beginRun: ({ context, self }) => context.port.begin(context.run, (event) => self.send(event)),
    tellQuiesce: ({ context }) => context.port.quiesce(),
    tellStop: ({ context }) => context.port.stop(context.stopReason),
    noteReady: assign(({ context }) => ({ readyAt: now(context), wasReady: true })),
    noteWell: assign(({ context }) => withWord(context, 'healthy', undefined)),
    noteDegraded: assign(({ context, event }) => {
      assertEvent(event, 'run.degraded');
      return withWord(context, 'degraded', event.detail);
    }),
    noteNotReady: assign(({ context, event }) => {
      assertEvent(event, 'run.notReady');
      return withWord(context, 'unhealthy', event.detail);
    }),
    noteStopReason: assign(({ context }, stopReason: StopReason) => ({
      stopReason,
      ...(stopReason === 'start timeout' ? { detail: `not ready within ${context.options.startTimeoutMs} ms` } : {}),
    })),
    noteStopped: assign(({ context }) => lastRun(context, context.stopReason, context.detail)),
    noteStoppedBadly: assign(({ context, event }) => {
      assertEvent(event, 'run.failed');
      const detail = detailOf(event.cause);
      return { cause: event.cause, detail, ...lastRun(context, context.stopReason, detail) };
    }),
    noteDone: assign(({ context }) => lastRun(context, 'done', undefined)),
    noteCrash: assign(({ context, event }) => {
      assertEvent(event, 'run.failed');
      const detail = detailOf(event.cause);
      return { cause: event.cause, detail, ...lastRun(context, 'crashed', detail) };
    }),
    noteBackoff: assign(({ context, event }) => {
      assertEvent(event, 'retry');
      return { delayMs: event.delayMs, nextAt: now(context) + event.delayMs };
    }),

    // The end
    aimForEnd: assign({ isForGood: true }),
    aimForNext: assign({ isForGood: false }),
    limitTime: assign(({ context, event }) => {
      assertEvent(event, 'stop.within');
      const { withinMs } = event;
      return { withinMs, isForGood: true, end: { ...context.end, forced: withinMs < context.options.shutdownMs } };
    }),
    endAsDone: assign({ end: ({ context }) => ({ ...context.end, reason: 'done' as const }) }),
    endAsFailed: assign({
      end: ({ context }) => withDetail({ ...context.end, reason: 'failed' as const }, context.detail),
    }),
    endUnfinished: assign({
      end: ({ context }) => ({ ...context.end, forced: true, unfinished: true }),
    }),

    // Beats
    planBeat: assign({ beatDueAt: ({ context }) => beatDueAt(context) }),
    excuseBeat: assign({ excusedAt: ({ context }) => now(context) }),
    missBeat: assign(({ context }) => withBeat(context, true)),
    awaitBeat: ({ context }) => context.port.awaitBeat(),
    findBeat: assign(({ context }) => withBeat(context, false)),
  },
  guards: {
    mayBegin: ({ context }) => context.relations.mayBegin(context.id),
    isLetDown: ({ context }) => context.relations.rootCauseOf(context.id) !== undefined,
    isForGood: ({ context }) => context.isForGood,
    hasNoTime: ({ event }) => event.type === 'stop.within' && event.withinMs === 0,
    isQuietAtOnce: ({ context }) => context.options.quiesceMs === 0,
    isBeatWatched: ({ context }) => context.options.beatWithinMs > 0,
    wasStalled: ({ context }) => now(context) - context.beatDueAt > context.stallToleranceMs,
    isBeatOverdue: ({ context }) => beatDueAt(context) <= now(context),
    restartsByHealth: ({ context }) => context.options.restartWhen !== undefined,
    seems: ({ context }, health: 'healthy' | 'degraded' | 'unhealthy') => seemingHealth(context) === health,
    hasStartTimeout: ({ context }) => context.options.startTimeoutMs > 0,
  },
  delays: {
    startTimeout: ({ context }) => context.options.startTimeoutMs,
    quiesce: ({ context }) => context.options.quiesceMs,
    shutdown: ({ context }) => Math.min(context.options.shutdownMs, context.withinMs ?? context.options.shutdownMs),
    backoff: ({ context }) => context.delayMs,
    beatDue: ({ context }) => Math.max(1, context.beatDueAt - now(context)),
    unhealthyFor: ({ context }) => context.options.restartWhen?.unhealthyForMs ?? 0,
  },
});

/** Returns what changes when a run says how it is. */
function withWord(context: ServiceContext, said: ServiceContext['said'], detail: unknown): Partial<ServiceContext> {
  const saidDetail = detail === undefined ? undefined : detailLine(textOf(detail));
  return { said, saidDetail, detail: seemingDetail({ ...context, said, saidDetail }) };
}

/** Returns what changes when a beat is missed, or comes after all. */
function withBeat(context: ServiceContext, isBeatMissed: boolean): Partial<ServiceContext> {
  return { isBeatMissed, detail: seemingDetail({ ...context, isBeatMissed }) };
}

function lastRun(context: ServiceContext, how: RunEnd, detail: string | undefined): Pick<ServiceContext, 'last'> {
  return { last: withDetail({ how, at: now(context) }, detail) };
}

function withDetail<TValue extends object>(value: TValue, detail: string | undefined): TValue & { detail?: string } {
  return detail === undefined ? value : { ...value, detail };
}
