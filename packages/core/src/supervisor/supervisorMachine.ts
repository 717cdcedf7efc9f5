import type { ErrorActorEvent } from 'xstate';
import { beginTally } from '../drain/drainTally.ts';
import { reportOf } from './drainClients.ts';
import { supervisorSetup } from './supervisorSetup.ts';

/** Clients have not been told yet: they are, with what is left of the drain's time. */
const failureBeforeGoaway = {
  target: '#supervisor.draining.orderly.goaway',
  actions: ['reportFailure', 'restoreCounts', 'shortenDrain', 'markWithdrawn'],
  reenter: true,
} as const;

/** A child has failed too often. */
const escalation = [
  {
    guard: 'drainsOnEscalation',
    target: '#supervisor.draining',
    actions: ['reportEscalation', 'uncountMonitor'],
  },
  { target: '#supervisor.running.escalated', actions: ['reportEscalation', 'uncountMonitor'] },
] as const;

/**
 * Machine of the supervisor, which knows all other children: it admits, broadcasts, drains and stops.
 * @internal
 */
export const supervisorMachine = supervisorSetup.createMachine({
  id: 'supervisor',
  context: ({ input }) => ({
    ...input,
    monitors: 0,
    sessions: 0,
    notifiers: 0,
    services: 0,
    started: false,
    startedAt: 0,
    isStartReported: false,
    isCutShort: false,
    withdrawing: false,
    withdrawn: false,
    drain: input.options.drain,
    drainStartedAt: undefined,
    goaway: undefined,
    closeReason: 'forced',
    outcome: 'drained',
    tally: beginTally(0, 0),
  }),
  initial: 'idle',
  output: ({ context }) => reportOf(context),
  on: {
    notify: { actions: ['addNotifier', 'countNotifier'] },
    amend: { actions: 'amendMonitor' },
    unwatch: { actions: 'stopMonitor' },
    unserve: { actions: 'stopService' },
    rerun: { actions: 'restartService' },
    hold: { actions: 'addHold' },
    'hold.released': { actions: 'releaseHold' },
    broadcast: { actions: 'broadcast' },
    'health.changed': { actions: ['publish', 'propagateHealth', 'markStarted'] },
    'monitor.updated': { actions: ['publish', 'propagateHealth'] },
    'verdict.judged': [
      { guard: 'isFirstVerdict', actions: ['publish', 'propagateWeight', 'noteFirstVerdict', 'markStarted'] },
      { actions: ['publish', 'propagateWeight'] },
    ],
    'verdict.discarded': { actions: 'publish' },
    'check.failed': { actions: 'publish' },
    'alert.*': { actions: 'publish' },
    'flapping.*': { actions: 'publish' },
    'notice.*': { actions: 'publish' },
    'delivery.*': { actions: 'publish' },
    'service.entered': { actions: ['publish', 'noteServiceState', 'markStarted'] },
    'service.quiet': { actions: ['publish', 'advanceStop'] },
    'service.stuck': { actions: 'publish' },
    'service.held': { actions: 'publish' },
    'run.ended': { actions: ['publish', 'decideAfterRun'] },
    'peer.leaving': { actions: 'publish' },
    'goaway.failed': { actions: 'publish' },
    'close.failed': { actions: 'publish' },
    'xstate.done.actor.*': { actions: 'childEnded' },
    'xstate.error.actor.*': { actions: 'childEnded' },
    'actor.ended': { actions: ['countEnd', 'publish'] },
    escalated: { actions: ['reportEscalation', 'uncountMonitor'] },
    failure: { target: '.draining', actions: ['reportFailure', 'restoreCounts'] },
    'clock.failed': { target: '.draining', actions: ['reportFailure', { type: 'setOutcome', params: 'failed' }] },
    'failure.force': { target: '.draining.force', actions: ['restoreCounts', 'cutShort'] },
    'failure.end': { target: '.draining.abandoning', actions: 'restoreCounts' },
  },
  states: {
    idle: {
      on: {
        start: { target: 'running', actions: ['noteStart', 'startMonitors', 'beginServices'] },
        serve: { actions: ['addService', 'countService'] },
        watch: { actions: ['addMonitor', 'countMonitor'] },
        open: { actions: ['addSession', 'countSession'] },
        'session.aged': { actions: 'tellAged' },
        drain: 'draining',
        stop: { target: '#supervisor.draining.force', actions: ['closeAsStopped', 'cutShort'] },
      },
    },
    running: {
      entry: 'markStarted',
      on: {
        serve: { actions: ['addService', 'countService', 'beginService'] },
        watch: { actions: ['addMonitor', 'countMonitor', 'startMonitor'] },
        open: { actions: ['addSession', 'countSession'] },
        'session.aged': { actions: 'tellAged' },
        drain: 'draining',
        stop: { target: '#supervisor.draining.force', actions: ['closeAsStopped', 'cutShort'] },
      },
      initial: 'starting',
      states: {
        starting: {
          initial: 'deciding',
          always: {
            guard: 'hasStarted',
            target: 'steady',
            actions: [{ type: 'reportStart', params: 'started' }, 'noteStartReported'],
          },
          on: { escalated: escalation },
          states: {
            deciding: { always: [{ guard: 'hasStartDeadline', target: 'limited' }, { target: 'unlimited' }] },
            limited: {
              after: {
                startDeadline: [
                  {
                    guard: 'drainsOnStartFailure',
                    target: '#supervisor.draining',
                    actions: [{ type: 'reportStart', params: 'deadline' }, 'noteStartReported'],
                  },
                  {
                    target: '#supervisor.running.steady',
                    actions: [{ type: 'reportStart', params: 'deadline' }, 'noteStartReported'],
                  },
                ],
              },
            },
            unlimited: {},
          },
        },
        steady: { on: { escalated: escalation } },
        escalated: { tags: 'escalated' },
      },
    },
    draining: {
      tags: 'draining',
      entry: [
        'beginDrain',
        'stopAdmitting',
        'closeServices',
        { type: 'reportStart', params: 'stopped' },
        'noteStartReported',
      ],
      initial: 'orderly',
      on: {
        open: { actions: ['addSession', 'countSession', 'countStraggler'] },
        'clock.failed': { actions: ['reportFailure', { type: 'setOutcome', params: 'failed' }] },
        failure: { target: '.force', actions: ['reportFailure', 'restoreCounts', 'cutShort'] },
        'failure.force': { target: '.force', actions: ['restoreCounts', 'cutShort'] },
        'failure.end': { target: '.abandoning', actions: 'restoreCounts' },
      },
      states: {
        orderly: {
          initial: 'withdraw',
          after: {
            deadline: { target: 'force', actions: [{ type: 'setOutcome', params: 'deadline' }, 'cutShort'] },
          },
          on: {
            abort: { target: 'force', actions: [{ type: 'setOutcome', params: 'aborted' }, 'cutShort'] },
            stop: { target: 'force', actions: ['closeAsStopped', 'cutShort'] },
          },
          states: {
            withdraw: {
              on: { failure: failureBeforeGoaway },
              entry: [{ type: 'enterPhase', params: 'withdraw' }, 'beginWithdrawal'],
              invoke: {
                src: 'withdraw',
                input: ({ context }) => ({ withdraw: context.options.withdraw }),
                onDone: { target: 'quiesce', actions: 'endWithdrawal' },
                onError: {
                  target: 'quiesce',
                  actions: [
                    'endWithdrawal',
                    {
                      type: 'reportWithdrawFailure',
                      params: ({ event }: { event: ErrorActorEvent }) => event.error,
                    },
                  ],
                },
              },
              after: { withdrawTimeout: 'quiesce' },
            },
            quiesce: {
              always: [
                { guard: 'hasNoService', target: 'notice' },
                { target: 'notice', actions: [{ type: 'enterPhase', params: 'quiesce' }, 'quiesceServices'] },
              ],
            },
            notice: {
              entry: [{ type: 'enterPhase', params: 'notice' }, 'announceWithdrawal', 'markWithdrawn'],
              always: 'lag',
            },
            lag: {
              on: { failure: failureBeforeGoaway },
              entry: { type: 'enterPhase', params: 'lag' },
              always: { guard: 'hasNoLag', target: 'goaway' },
              after: { lag: 'goaway' },
            },
            goaway: {
              entry: [{ type: 'enterPhase', params: 'goaway' }, 'prepareGoaway', 'captureMonitors', 'stopMonitors'],
              initial: 'planning',
              states: {
                planning: {
                  always: [
                    { guard: 'hasNoGrace', target: '#supervisor.draining.force' },
                    { target: 'telling', actions: 'scheduleGoaways' },
                  ],
                },
                telling: {
                  entry: 'sendDueGoaways',
                  always: { guard: 'isEveryGoawaySent', target: '#supervisor.draining.orderly.grace' },
                  after: { nextTurn: { target: 'telling', reenter: true, actions: 'advanceSchedule' } },
                },
              },
            },
            grace: {
              entry: { type: 'enterPhase', params: 'grace' },
              always: { guard: 'isNobodyWaitedFor', target: '#supervisor.draining.services' },
              after: { grace: '#supervisor.draining.force' },
            },
          },
        },
        force: {
          entry: [
            { type: 'enterPhase', params: 'force' },
            'markWithdrawn',
            'prepareLastGoaway',
            'captureMonitors',
            'stopMonitors',
            'closeClients',
          ],
          always: [
            { guard: 'isCutShort', target: 'join', actions: 'stopServicesSoon' },
            { guard: 'isNobodyWaitedFor', target: 'services' },
          ],
          after: {
            closeTimeout: { target: 'services', actions: 'abandonClients' },
            deadlineLeft: {
              target: 'join',
              actions: [{ type: 'setOutcome', params: 'deadline' }, 'cutShort', 'stopServicesSoon'],
            },
          },
          on: {
            abort: {
              target: 'join',
              actions: [{ type: 'setOutcome', params: 'aborted' }, 'cutShort', 'stopServicesSoon'],
            },
            stop: { target: 'join', actions: ['closeAsStopped', 'cutShort', 'stopServicesSoon'] },
          },
        },
        services: {
          initial: 'deciding',
          states: {
            deciding: {
              always: [{ guard: 'hasNoService', target: '#supervisor.draining.join' }, { target: 'stopping' }],
            },
            stopping: {
              entry: [{ type: 'enterPhase', params: 'services' }, 'stopServices'],
              always: { guard: 'hasNoService', target: '#supervisor.draining.join' },
              after: {
                deadlineLeft: {
                  target: '#supervisor.draining.join',
                  actions: [{ type: 'setOutcome', params: 'deadline' }, 'cutShort', 'stopServicesSoon'],
                },
              },
              on: {
                abort: {
                  target: '#supervisor.draining.join',
                  actions: [{ type: 'setOutcome', params: 'aborted' }, 'cutShort', 'stopServicesSoon'],
                },
                stop: {
                  target: '#supervisor.draining.join',
                  actions: ['closeAsStopped', 'cutShort', 'stopServicesSoon'],
                },
              },
            },
          },
        },
        join: {
          entry: { type: 'enterPhase', params: 'join' },
          always: { guard: 'isNothingWaitedFor', target: '#supervisor.stopped' },
          after: { closeTimeout: 'abandoning' },
          on: { failure: { target: 'abandoning', actions: ['reportFailure', 'restoreCounts'] } },
        },
        abandoning: {
          entry: ['abandonClients', 'abandonServices', 'awaitEnds'],
          always: { guard: 'hasNoActorLeft', target: '#supervisor.stopped' },
          on: {
            abandoned: [
              // Whoever is left then never says so: a step that failed has lost its end.
              { guard: 'isEveryEndCounted', target: '#supervisor.stopped', actions: 'countLost' },
              { actions: 'awaitEnds' },
            ],
            failure: { target: '#supervisor.stopped', actions: ['reportFailure', 'restoreCounts', 'countLost'] },
          },
        },
      },
    },
    stopped: { type: 'final', entry: 'publishReport' },
  },
});
