import { assertEvent, assign, type DoneActorEvent, type ErrorActorEvent, raise, sendTo, setup } from 'xstate';
import { ask } from './ask.ts';
import type { MonitorEvent } from './events.ts';
import type { Health } from './health.ts';
import { jittered } from './jitter.ts';
import {
  freshContext,
  type Judgement,
  judgements,
  type MonitorCommand,
  type MonitorContext,
  type MonitorInput,
  noted,
  now,
  withinGrace,
} from './monitorContext.ts';
import { alertThreshold } from './monitorOptions.ts';
import { staleReason } from './staleness.ts';
import { noStreaks } from './streaks.ts';
import type { Verdict } from './verdict.ts';

/**
 * Asks one probe on a cadence and judges its verdicts into one health; raises and clears one alert per outage.
 * @internal
 */
export const monitorMachine = setup({
  types: {
    context: {} as MonitorContext,
    events: {} as MonitorCommand | Judgement,
    input: {} as MonitorInput,
    output: {} as { reason: 'stopped' },
    tags: {} as Health,
  },
  actors: { ask },
  actions: {
    noteVerdict: assign(({ context }, verdict: Verdict) => noted(context, verdict)),
    noteBreakage: assign(({ context }, cause: unknown) => noted(context, undefined, cause)),
    noteTimeout: assign(({ context }) =>
      noted(context, { status: 'fail', detail: `no answer within ${context.options.timeoutMs} ms` }),
    ),
    noteStale: assign({ detail: ({ context }) => staleReason({ ...context, ...context.options }, now(context)) }),
    noteConnected: assign(({ context }) => ({ connectedAt: now(context), activeAt: now(context) })),
    noteReconnecting: assign({ detail: 'reconnecting' }),
    noteActivity: assign({ activeAt: ({ context }) => now(context) }),
    notePause: assign(({ event }) => {
      assertEvent(event, 'pause');
      return {
        pauseMs: event.ttlMs ?? 0,
        detail: event.ttlMs === undefined ? 'paused' : `paused for ${event.ttlMs} ms`,
      };
    }),
    forgetDetail: assign({ detail: undefined }),
    beginEpoch: assign(({ context, event }) => {
      assertEvent(event, 'update');
      const { probe, options } = event;
      const begun = { epoch: context.epoch + 1, options };
      if (probe === undefined) return begun;
      return { ...begun, probe, streaks: noStreaks, registeredAt: now(context), detail: undefined };
    }),
    reportUpdate: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, epoch, options } }): MonitorEvent => ({
        type: 'monitor.updated',
        id,
        epoch,
        required: options.required,
      }),
    ),
    oweCheck: assign({ checkOwed: true }),
    payCheck: assign({ checkOwed: false }),
    pronounce: raise(({ context }) => ({ type: withinGrace(context) ? 'probe.excused' : judgements[context.outcome] })),
    pronounceStale: raise({ type: 'target.stale' }),
    resume: raise({ type: 'resume' }),
    reportCheck: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, verdict, cause, epoch, streaks } }): MonitorEvent =>
        verdict === undefined
          ? { type: 'check.failed', id, cause, errors: streaks.errors }
          : { type: 'verdict.judged', id, verdict, epoch },
    ),
    become: assign(({ context }, health: Health) => ({
      health,
      formerHealth: context.health,
      changes: context.changes + 1,
      since: now(context),
    })),
    reportHealth: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, formerHealth, health, detail, epoch, changes, options } }): MonitorEvent => ({
        type: 'health.changed',
        id,
        from: formerHealth,
        to: health,
        epoch,
        seq: changes,
        required: options.required,
        ...(detail === undefined ? {} : { detail }),
      }),
    ),
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
  },
  guards: {
    isCheckOwed: ({ context }) => context.checkOwed,
    isStale: ({ context }) => staleReason({ ...context, ...context.options }, now(context)) !== undefined,
    isForAWhile: ({ event }) => event.type === 'pause' && event.ttlMs !== undefined,
    isNewProbe: ({ event }) => event.type === 'update' && event.probe !== undefined,
    passedEnough: ({ context }) => context.streaks.passes >= context.options.successThreshold,
    failedEnough: ({ context }) => context.streaks.failures >= context.options.failureThreshold,
    erredEnough: ({ context }) => context.streaks.errors >= context.options.errorThreshold,
    isAlertDue: ({ context }) => context.streaks.failures >= alertThreshold(context.options),
  },
  delays: {
    timeout: ({ context }) => context.options.timeoutMs,
    interval: ({ context: { options, streaks, runtime } }) =>
      jittered(
        streaks.errors >= options.errorThreshold ? options.errorIntervalMs : options.intervalMs,
        options.jitter,
        runtime.random(),
      ),
    pauseTtl: ({ context }) => context.pauseMs,
  },
}).createMachine({
  id: 'monitor',
  context: ({ input }) => freshContext(input),
  initial: 'watching',
  output: { reason: 'stopped' },
  states: {
    watching: {
      type: 'parallel',
      on: { stop: 'stopped', recordActivity: { actions: 'noteActivity' } },
      states: {
        cadence: {
          initial: 'probing',
          on: {
            update: { target: '.probing', actions: ['beginEpoch', 'reportUpdate'] },
            pause: [
              { guard: 'isForAWhile', target: '.resting', actions: 'notePause' },
              { target: '.paused', actions: 'notePause' },
            ],
          },
          states: {
            probing: {
              invoke: {
                src: 'ask',
                input: ({ context }) => ({ probe: context.probe }),
                onDone: {
                  target: 'waiting',
                  actions: [
                    { type: 'noteVerdict', params: ({ event }: { event: DoneActorEvent<Verdict> }) => event.output },
                    'reportCheck',
                    'pronounce',
                  ],
                },
                onError: {
                  target: 'waiting',
                  actions: [
                    { type: 'noteBreakage', params: ({ event }: { event: ErrorActorEvent }) => event.error },
                    'reportCheck',
                    'pronounce',
                  ],
                },
              },
              after: { timeout: { target: 'waiting', actions: ['noteTimeout', 'reportCheck', 'pronounce'] } },
              on: {
                check: { actions: 'oweCheck' },
                markConnected: { actions: ['noteConnected', 'oweCheck'] },
                markReconnecting: { target: 'waiting', actions: 'noteReconnecting' },
              },
            },
            waiting: {
              always: { guard: 'isCheckOwed', target: 'probing', actions: 'payCheck' },
              after: {
                interval: [
                  { guard: 'isStale', target: 'waiting', reenter: true, actions: ['noteStale', 'pronounceStale'] },
                  { target: 'probing' },
                ],
              },
              on: {
                check: [
                  { guard: 'isStale', target: 'waiting', reenter: true, actions: ['noteStale', 'pronounceStale'] },
                  { target: 'probing' },
                ],
                markConnected: { target: 'probing', actions: 'noteConnected' },
                markReconnecting: { actions: 'noteReconnecting' },
              },
            },
            resting: {
              after: { pauseTtl: { actions: 'resume' } },
              on: {
                resume: { target: 'probing', actions: 'forgetDetail' },
                update: { actions: ['beginEpoch', 'reportUpdate'] },
              },
            },
            paused: {
              on: {
                resume: { target: 'probing', actions: 'forgetDetail' },
                update: { actions: ['beginEpoch', 'reportUpdate'] },
              },
            },
          },
        },
        health: {
          initial: 'starting',
          on: {
            'probe.passed': { guard: 'passedEnough', target: '.healthy' },
            'probe.warned': { guard: 'passedEnough', target: '.degraded' },
            'probe.failed': { guard: 'failedEnough', target: '.unhealthy' },
            'probe.erred': [
              { guard: 'erredEnough', target: '.error' },
              { guard: 'failedEnough', target: '.unhealthy' },
            ],
            'probe.excused': '.starting',
            'target.stale': '.stale',
            markReconnecting: '.reconnecting',
            pause: '.paused',
            update: { guard: 'isNewProbe', target: '.starting' },
          },
          states: {
            starting: {
              tags: 'starting',
              entry: [{ type: 'become', params: 'starting' }, 'reportHealth'],
              on: { 'probe.excused': {}, update: {} },
            },
            healthy: {
              tags: 'healthy',
              entry: [{ type: 'become', params: 'healthy' }, 'reportHealth'],
              on: { 'probe.passed': {} },
            },
            degraded: {
              tags: 'degraded',
              entry: [{ type: 'become', params: 'degraded' }, 'reportHealth'],
              on: { 'probe.warned': {} },
            },
            unhealthy: {
              tags: 'unhealthy',
              entry: [{ type: 'become', params: 'unhealthy' }, 'reportHealth'],
              on: { 'probe.failed': {}, 'probe.erred': [{ guard: 'erredEnough', target: 'error' }, {}] },
            },
            error: {
              tags: 'error',
              entry: [{ type: 'become', params: 'error' }, 'reportHealth'],
              on: { 'probe.erred': {} },
            },
            stale: {
              tags: 'stale',
              entry: [{ type: 'become', params: 'stale' }, 'reportHealth'],
              on: { 'target.stale': {} },
            },
            reconnecting: {
              tags: 'reconnecting',
              entry: [{ type: 'become', params: 'reconnecting' }, 'reportHealth'],
              on: { markReconnecting: {} },
            },
            paused: {
              tags: 'paused',
              entry: [{ type: 'become', params: 'paused' }, 'reportHealth'],
              on: { resume: 'starting', pause: {}, update: {}, markReconnecting: {} },
            },
          },
        },
        alert: {
          initial: 'quiet',
          states: {
            quiet: {
              on: {
                'probe.failed': [{ guard: 'isAlertDue', target: 'raised' }, { target: 'counting' }],
                'probe.erred': [{ guard: 'isAlertDue', target: 'raised' }, { target: 'counting' }],
              },
            },
            counting: {
              on: {
                'probe.failed': { guard: 'isAlertDue', target: 'raised' },
                'probe.erred': { guard: 'isAlertDue', target: 'raised' },
                'probe.passed': 'quiet',
                'probe.warned': 'quiet',
              },
            },
            raised: {
              entry: 'raiseAlert',
              on: {
                'probe.passed': { guard: 'passedEnough', target: 'quiet', actions: 'clearAlert' },
                'probe.warned': { guard: 'passedEnough', target: 'quiet', actions: 'clearAlert' },
              },
            },
          },
        },
      },
    },
    stopped: {
      type: 'final',
      tags: 'stopped',
      entry: [{ type: 'become', params: 'stopped' }, 'reportHealth'],
    },
  },
});
