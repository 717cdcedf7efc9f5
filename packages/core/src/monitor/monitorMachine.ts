import type { DoneActorEvent, ErrorActorEvent } from 'xstate';
import type { CompiledLogic } from '../compile/compile.ts';
import type { Verdict } from '../model/verdict.ts';
import type { ActorOf, ChildOf } from '../registry/ended.ts';
import { initialContext } from './monitorContext.ts';
import { monitorSetup } from './monitorSetup.ts';

const hold = { guard: 'isAlertHeld', target: 'held' } as const;
const raise = { guard: 'isAlertDue', target: 'raised', actions: 'raiseAlert' } as const;
const count = { target: 'counting' } as const;

/** What a failed or broken check does to the alert: from quiet, while failures are counted, and while it is held. */
const alertOnFirstFailure = [hold, raise, count] as const;
const alertWhileCounting = [hold, raise] as const;
const alertWhileHeld = [{ guard: 'isAlertHeld' }, raise, count] as const;

const verdictOf = ({ event }: { event: DoneActorEvent<Verdict> }) => event.output;

const quietOnPass = { 'probe.passed': 'quiet', 'probe.warned': 'quiet' } as const;

/**
 * Asks one probe on a cadence and judges its verdicts into one health; raises and clears one alert per outage.
 * @internal
 */
export const monitorMachine = monitorSetup.createMachine({
  id: 'monitor',
  context: ({ input }) => initialContext(input),
  initial: 'watching',
  output: { reason: 'stopped' },
  states: {
    watching: {
      type: 'parallel',
      on: { stop: 'stopped', recordActivity: { actions: 'noteActivity' } },
      states: {
        cadence: {
          initial: 'staggered',
          on: {
            update: { target: '.checking', actions: ['beginEpoch', 'reportUpdate'] },
            pause: [
              { guard: 'hasPauseTtl', target: '.pausedUntil', actions: 'notePause' },
              { target: '.paused', actions: 'notePause' },
            ],
          },
          states: {
            staggered: {
              always: [
                { guard: 'restoresPauseUntil', target: 'pausedUntil' },
                { guard: 'restoresPause', target: 'paused' },
                { guard: 'isUnstaggered', target: 'checking' },
              ],
              after: { stagger: 'checking' },
              on: {
                check: 'checking',
                markConnected: { target: 'checking', actions: 'noteConnected' },
                markReconnecting: { target: 'waiting', actions: 'noteReconnecting' },
              },
            },
            checking: {
              entry: ['renewPermitId', 'acquirePermit'],
              exit: 'releasePermit',
              on: {
                markReconnecting: { target: 'waiting', actions: 'noteReconnecting' },
                'members.unknown': { target: 'waiting', actions: 'forgetJudgement' },
              },
              initial: 'queued',
              states: {
                queued: {
                  on: {
                    'permit.granted': [
                      { guard: 'isFormerRunUnderWay', target: 'unheeded' },
                      { guard: 'isCurrentPermit', target: 'probing' },
                    ],
                    markConnected: { actions: 'noteConnected' },
                  },
                },
                unheeded: {
                  entry: 'awaitFormerRun',
                  exit: 'forgetFormerRun',
                  after: {
                    patience: {
                      target: '#monitor.watching.cadence.waiting',
                      actions: ['noteUnheeded', 'reportCheck', 'judgeCheck'],
                    },
                  },
                  on: {
                    'run.ended': { guard: 'isCurrentRun', target: 'probing' },
                    markConnected: { actions: 'noteConnected' },
                  },
                },
                probing: {
                  entry: 'noteCheckStarted',
                  invoke: {
                    src: 'runProbe',
                    input: ({ context: { id, probe, limiter, runtime, options } }) => ({
                      id,
                      probe,
                      runs: limiter.runs,
                      stalls: runtime.stalls,
                      turns: runtime.turns,
                      timeoutMs: options.timeoutMs,
                    }),
                    onDone: [
                      {
                        guard: { type: 'isVoid', params: verdictOf },
                        target: 'stalled',
                      },
                      {
                        target: '#monitor.watching.cadence.waiting',
                        actions: [{ type: 'noteVerdict', params: verdictOf }, 'reportCheck', 'judgeCheck'],
                      },
                    ],
                    onError: [
                      {
                        guard: { type: 'isUndecided', params: ({ event }: { event: ErrorActorEvent }) => event.error },
                        target: '#monitor.watching.cadence.waiting',
                        actions: {
                          type: 'reportUndecided',
                          params: ({ event }: { event: ErrorActorEvent }) => event.error,
                        },
                      },
                      {
                        target: '#monitor.watching.cadence.waiting',
                        actions: [
                          { type: 'noteError', params: ({ event }: { event: ErrorActorEvent }) => event.error },
                          'reportCheck',
                          'judgeCheck',
                        ],
                      },
                    ],
                  },
                  after: {
                    timeout: [
                      { guard: 'isTimeoutVoid', target: 'stalled' },
                      { guard: 'isHeldUp', target: '#monitor.watching.cadence.waiting', actions: 'reportHeldUp' },
                      {
                        target: '#monitor.watching.cadence.waiting',
                        actions: ['noteTimeout', 'reportCheck', 'judgeCheck'],
                      },
                    ],
                  },
                  on: {
                    check: { actions: 'setCheckPending' },
                    markConnected: { actions: ['noteConnected', 'setCheckPending'] },
                  },
                },
                stalled: {
                  entry: 'noteStall',
                  always: {
                    guard: 'isCauseKnown',
                    target: '#monitor.watching.cadence.waiting',
                    actions: 'reportStall',
                  },
                  after: { causeOfStall: { target: '#monitor.watching.cadence.waiting', actions: 'reportStall' } },
                  on: {
                    check: { actions: 'setCheckPending' },
                    markConnected: { actions: ['noteConnected', 'setCheckPending'] },
                  },
                },
              },
            },
            waiting: {
              entry: 'scheduleNextCheck',
              always: { guard: 'isCheckPending', target: 'checking', actions: 'clearCheckPending' },
              after: {
                interval: [
                  { guard: 'isStale', target: 'waiting', reenter: true, actions: ['noteStale', 'judgeStale'] },
                  { target: 'checking', actions: 'noteDue' },
                ],
              },
              on: {
                check: [
                  { guard: 'isStale', target: 'waiting', reenter: true, actions: ['noteStale', 'judgeStale'] },
                  { target: 'checking' },
                ],
                markConnected: { target: 'checking', actions: 'noteConnected' },
                markReconnecting: { actions: 'noteReconnecting' },
                'members.unknown': { actions: 'forgetJudgement' },
              },
            },
            pausedUntil: {
              after: { pauseTtl: { actions: 'resume' } },
              on: {
                resume: { target: 'checking', actions: 'clearDetail' },
                update: { actions: ['beginEpoch', 'reportUpdate'] },
              },
            },
            paused: {
              on: {
                resume: { target: 'checking', actions: 'clearDetail' },
                update: { actions: ['beginEpoch', 'reportUpdate'] },
              },
            },
          },
        },
        health: {
          initial: 'restoring',
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
            'members.unknown': '.starting',
          },
          states: {
            restoring: {
              always: [
                { guard: { type: 'restoresHealth', params: 'healthy' }, target: 'healthy' },
                { guard: { type: 'restoresHealth', params: 'degraded' }, target: 'degraded' },
                { guard: { type: 'restoresHealth', params: 'unhealthy' }, target: 'unhealthy' },
                { guard: { type: 'restoresHealth', params: 'error' }, target: 'error' },
                { guard: { type: 'restoresHealth', params: 'stale' }, target: 'stale' },
                { guard: { type: 'restoresHealth', params: 'reconnecting' }, target: 'reconnecting' },
                { guard: { type: 'restoresHealth', params: 'paused' }, target: 'paused' },
                { guard: { type: 'beginsAs', params: 'healthy' }, target: 'healthy' },
                { guard: { type: 'beginsAs', params: 'degraded' }, target: 'degraded' },
                { guard: { type: 'beginsAs', params: 'unhealthy' }, target: 'unhealthy' },
                { target: 'starting' },
              ],
            },
            starting: {
              tags: 'starting',
              entry: [{ type: 'setHealth', params: 'starting' }, 'reportHealth'],
              on: { 'probe.excused': {}, update: {}, 'members.unknown': {} },
            },
            healthy: {
              tags: 'healthy',
              entry: [{ type: 'setHealth', params: 'healthy' }, 'reportHealth'],
              on: { 'probe.passed': {} },
            },
            degraded: {
              tags: 'degraded',
              entry: [{ type: 'setHealth', params: 'degraded' }, 'reportHealth'],
              on: { 'probe.warned': {} },
            },
            unhealthy: {
              tags: 'unhealthy',
              entry: [{ type: 'setHealth', params: 'unhealthy' }, 'reportHealth'],
              on: { 'probe.failed': {}, 'probe.erred': [{ guard: 'erredEnough', target: 'error' }, {}] },
            },
            error: {
              tags: 'error',
              entry: [{ type: 'setHealth', params: 'error' }, 'reportHealth'],
              on: { 'probe.erred': {} },
            },
            stale: {
              tags: 'stale',
              entry: [{ type: 'setHealth', params: 'stale' }, 'reportHealth'],
              on: { 'target.stale': {} },
            },
            reconnecting: {
              tags: 'reconnecting',
              entry: [{ type: 'setHealth', params: 'reconnecting' }, 'reportHealth'],
              on: { markReconnecting: {} },
            },
            paused: {
              tags: 'paused',
              entry: [{ type: 'setHealth', params: 'paused' }, 'reportHealth'],
              on: {
                resume: 'starting',
                pause: { actions: 'reportAssumption' },
                update: {},
                markReconnecting: {},
                'members.unknown': {},
              },
            },
          },
        },
        stability: {
          initial: 'calm',
          states: {
            calm: { always: { guard: 'isFlapping', target: 'flapping' } },
            flapping: {
              entry: 'reportFlappingBegan',
              always: { guard: 'isCalm', target: 'calm', actions: 'reportFlappingEnded' },
            },
          },
        },
        alert: {
          initial: 'restoring',
          states: {
            restoring: {
              always: [
                { guard: { type: 'restoresAlert', params: 'raised' }, target: 'raised' },
                { guard: { type: 'restoresAlert', params: 'counting' }, target: 'counting' },
                { target: 'quiet' },
              ],
            },
            quiet: { on: { 'probe.failed': alertOnFirstFailure, 'probe.erred': alertOnFirstFailure } },
            counting: {
              on: { 'probe.failed': alertWhileCounting, 'probe.erred': alertWhileCounting, ...quietOnPass },
            },
            held: {
              entry: 'reportAlertHeld',
              on: { 'probe.failed': alertWhileHeld, 'probe.erred': alertWhileHeld, ...quietOnPass },
            },
            raised: {
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
      entry: ['clearDetail', { type: 'setHealth', params: 'stopped' }, 'reportHealth'],
    },
  },
});

/** The compiled chart of a monitor. */
export type MonitorLogic = CompiledLogic<typeof monitorMachine>;

/** The running actor of a monitor. */
export type MonitorActor = ActorOf<MonitorLogic>;

/** A monitor as its registry keeps it, over all restarts. */
export type MonitorChild = ChildOf<MonitorLogic>;
