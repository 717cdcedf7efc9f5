import type { DoneActorEvent, ErrorActorEvent } from 'xstate';
import type { CompiledLogic } from '../compile/compile.ts';
import type { Verdict } from '../model/verdict.ts';
import type { ActorOf, ChildOf } from '../registry/registry.ts';
import { withAlerts } from './monitorAlerts.ts';
import { freshContext } from './monitorContext.ts';

/**
 * Asks one probe on a cadence and judges its verdicts into one health; raises and clears one alert per outage.
 * @internal
 */
export const monitorMachine = withAlerts.createMachine({
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
          initial: 'staggered',
          on: {
            update: { target: '.checking', actions: ['beginEpoch', 'reportUpdate'] },
            pause: [
              { guard: 'isForAWhile', target: '.resting', actions: 'notePause' },
              { target: '.paused', actions: 'notePause' },
            ],
          },
          states: {
            staggered: {
              always: [
                { guard: 'recallsRest', target: 'resting' },
                { guard: 'recallsPause', target: 'paused' },
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
              entry: ['drawTicket', 'askForTurn'],
              exit: 'returnTurn',
              on: { markReconnecting: { target: 'waiting', actions: 'noteReconnecting' } },
              initial: 'queued',
              states: {
                queued: {
                  on: {
                    'turn.given': { guard: 'isOurTurn', target: 'probing' },
                    markConnected: { actions: 'noteConnected' },
                  },
                },
                probing: {
                  entry: 'noteAsked',
                  invoke: {
                    src: 'ask',
                    input: ({ context }) => ({ probe: context.probe }),
                    onDone: {
                      target: '#monitor.watching.cadence.waiting',
                      actions: [
                        {
                          type: 'noteVerdict',
                          params: ({ event }: { event: DoneActorEvent<Verdict> }) => event.output,
                        },
                        'reportCheck',
                        'pronounce',
                      ],
                    },
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
                          { type: 'noteBreakage', params: ({ event }: { event: ErrorActorEvent }) => event.error },
                          'reportCheck',
                          'pronounce',
                        ],
                      },
                    ],
                  },
                  after: {
                    timeout: [
                      { guard: 'isStalled', target: '#monitor.watching.cadence.waiting', actions: 'reportStall' },
                      {
                        target: '#monitor.watching.cadence.waiting',
                        actions: ['noteTimeout', 'reportCheck', 'pronounce'],
                      },
                    ],
                  },
                  on: {
                    check: { actions: 'oweCheck' },
                    markConnected: { actions: ['noteConnected', 'oweCheck'] },
                  },
                },
              },
            },
            waiting: {
              entry: 'drawInterval',
              always: { guard: 'isCheckOwed', target: 'checking', actions: 'payCheck' },
              after: {
                interval: [
                  { guard: 'isStale', target: 'waiting', reenter: true, actions: ['noteStale', 'pronounceStale'] },
                  { target: 'checking' },
                ],
              },
              on: {
                check: [
                  { guard: 'isStale', target: 'waiting', reenter: true, actions: ['noteStale', 'pronounceStale'] },
                  { target: 'checking' },
                ],
                markConnected: { target: 'checking', actions: 'noteConnected' },
                markReconnecting: { actions: 'noteReconnecting' },
              },
            },
            resting: {
              after: { pauseTtl: { actions: 'resume' } },
              on: {
                resume: { target: 'checking', actions: 'forgetDetail' },
                update: { actions: ['beginEpoch', 'reportUpdate'] },
              },
            },
            paused: {
              on: {
                resume: { target: 'checking', actions: 'forgetDetail' },
                update: { actions: ['beginEpoch', 'reportUpdate'] },
              },
            },
          },
        },
        health: {
          initial: 'recalling',
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
            recalling: {
              always: [
                { guard: { type: 'recalls', params: 'healthy' }, target: 'healthy' },
                { guard: { type: 'recalls', params: 'degraded' }, target: 'degraded' },
                { guard: { type: 'recalls', params: 'unhealthy' }, target: 'unhealthy' },
                { guard: { type: 'recalls', params: 'error' }, target: 'error' },
                { guard: { type: 'recalls', params: 'stale' }, target: 'stale' },
                { guard: { type: 'recalls', params: 'reconnecting' }, target: 'reconnecting' },
                { guard: { type: 'recalls', params: 'paused' }, target: 'paused' },
                { target: 'starting' },
              ],
            },
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
        stability: {
          initial: 'calm',
          states: {
            calm: { always: { guard: 'isFlapping', target: 'flapping' } },
            flapping: {
              entry: 'reportFlapping',
              always: { guard: 'isCalm', target: 'calm', actions: 'reportCalm' },
            },
          },
        },
        alert: {
          initial: 'recalling',
          states: {
            recalling: {
              always: [
                { guard: { type: 'recallsAlert', params: 'raised' }, target: 'raised' },
                { guard: { type: 'recallsAlert', params: 'counting' }, target: 'counting' },
                { target: 'quiet' },
              ],
            },
            quiet: {
              on: {
                'probe.failed': [
                  { guard: 'isAlertHeld', target: 'held' },
                  { guard: 'isAlertDue', target: 'raised', actions: 'raiseAlert' },
                  { target: 'counting' },
                ],
                'probe.erred': [
                  { guard: 'isAlertHeld', target: 'held' },
                  { guard: 'isAlertDue', target: 'raised', actions: 'raiseAlert' },
                  { target: 'counting' },
                ],
              },
            },
            counting: {
              on: {
                'probe.failed': [
                  { guard: 'isAlertHeld', target: 'held' },
                  { guard: 'isAlertDue', target: 'raised', actions: 'raiseAlert' },
                ],
                'probe.erred': [
                  { guard: 'isAlertHeld', target: 'held' },
                  { guard: 'isAlertDue', target: 'raised', actions: 'raiseAlert' },
                ],
                'probe.passed': 'quiet',
                'probe.warned': 'quiet',
              },
            },
            held: {
              entry: 'reportHold',
              on: {
                'probe.failed': [
                  { guard: 'isAlertHeld' },
                  { guard: 'isAlertDue', target: 'raised', actions: 'raiseAlert' },
                  { target: 'counting' },
                ],
                'probe.erred': [
                  { guard: 'isAlertHeld' },
                  { guard: 'isAlertDue', target: 'raised', actions: 'raiseAlert' },
                  { target: 'counting' },
                ],
                'probe.passed': 'quiet',
                'probe.warned': 'quiet',
              },
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
      entry: [{ type: 'become', params: 'stopped' }, 'reportHealth'],
    },
  },
});

/** The compiled chart of a monitor. */
export type MonitorLogic = CompiledLogic<typeof monitorMachine>;

/** The running actor of a monitor. */
export type MonitorActor = ActorOf<MonitorLogic>;

/** A monitor as its registry keeps it, over all restarts. */
export type MonitorChild = ChildOf<MonitorLogic>;
