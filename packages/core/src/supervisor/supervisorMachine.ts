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
    started: false,
    withdrawing: false,
    withdrawn: false,
    drain: input.options.drain,
    drainStartedAt: 0,
    goaway: undefined,
    closeReason: 'forced',
    outcome: 'drained',
    tally: beginTally(0),
  }),
  initial: 'idle',
  output: ({ context }) => reportOf(context),
  on: {
    notify: { actions: ['addNotifier', 'countNotifier'] },
    amend: { actions: 'amendMonitor' },
    unwatch: { actions: 'stopMonitor' },
    hold: { actions: 'addHold' },
    'hold.released': { actions: 'releaseHold' },
    broadcast: { actions: 'broadcast' },
    'health.changed': { actions: ['publish', 'propagateHealth', 'markStarted'] },
    'monitor.updated': { actions: ['publish', 'propagateHealth'] },
    'verdict.judged': { actions: ['publish', 'propagateWeight'] },
    'verdict.discarded': { actions: 'publish' },
    'check.failed': { actions: 'publish' },
    'alert.*': { actions: 'publish' },
    'flapping.*': { actions: 'publish' },
    'notice.*': { actions: 'publish' },
    'delivery.*': { actions: 'publish' },
    'peer.leaving': { actions: 'publish' },
    'goaway.failed': { actions: 'publish' },
    'close.failed': { actions: 'publish' },
    'xstate.done.actor.*': { actions: 'childEnded' },
    'xstate.error.actor.*': { actions: 'childEnded' },
    'actor.ended': { actions: ['countEnd', 'publish'] },
    escalated: { actions: ['reportEscalation', 'uncountMonitor'] },
    failure: { target: '.draining', actions: ['reportFailure', 'restoreCounts'] },
    'clock.failed': { target: '.draining', actions: ['reportFailure', { type: 'setOutcome', params: 'failed' }] },
    'failure.force': { target: '.draining.force', actions: 'restoreCounts' },
    'failure.end': { target: '.draining.abandoning', actions: 'restoreCounts' },
  },
  states: {
    idle: {
      on: {
        start: { target: 'running', actions: 'startMonitors' },
        watch: { actions: ['addMonitor', 'countMonitor'] },
        open: { actions: ['addSession', 'countSession'] },
        'session.aged': { actions: 'tellAged' },
        drain: 'draining',
        stop: { target: '#supervisor.draining.force', actions: 'closeAsStopped' },
      },
    },
    running: {
      entry: 'markStarted',
      on: {
        watch: { actions: ['addMonitor', 'countMonitor', 'startMonitor'] },
        open: { actions: ['addSession', 'countSession'] },
        'session.aged': { actions: 'tellAged' },
        drain: 'draining',
        stop: { target: '#supervisor.draining.force', actions: 'closeAsStopped' },
      },
      initial: 'steady',
      states: {
        steady: {
          on: {
            escalated: [
              {
                guard: 'drainsOnEscalation',
                target: '#supervisor.draining',
                actions: ['reportEscalation', 'uncountMonitor'],
              },
              { target: 'escalated', actions: ['reportEscalation', 'uncountMonitor'] },
            ],
          },
        },
        escalated: { tags: 'escalated' },
      },
    },
    draining: {
      tags: 'draining',
      entry: ['beginDrain', 'stopAdmitting'],
      initial: 'orderly',
      on: {
        open: { actions: ['addSession', 'countSession', 'countStraggler'] },
        failure: { target: '.force', actions: ['reportFailure', 'restoreCounts'] },
        'clock.failed': { actions: ['reportFailure', { type: 'setOutcome', params: 'failed' }] },
        'failure.force': { target: '.force', actions: 'restoreCounts' },
        'failure.end': { target: '.abandoning', actions: 'restoreCounts' },
      },
      states: {
        orderly: {
          initial: 'withdraw',
          after: { deadline: { target: 'force', actions: { type: 'setOutcome', params: 'deadline' } } },
          on: {
            abort: { target: 'force', actions: { type: 'setOutcome', params: 'aborted' } },
            stop: { target: 'force', actions: 'closeAsStopped' },
          },
          states: {
            withdraw: {
              on: { failure: failureBeforeGoaway },
              entry: [{ type: 'enterPhase', params: 'withdraw' }, 'beginWithdrawal'],
              invoke: {
                src: 'withdraw',
                input: ({ context }) => ({ withdraw: context.options.withdraw }),
                onDone: { target: 'notice', actions: 'endWithdrawal' },
                onError: {
                  target: 'notice',
                  actions: [
                    'endWithdrawal',
                    {
                      type: 'reportWithdrawFailure',
                      params: ({ event }: { event: ErrorActorEvent }) => event.error,
                    },
                  ],
                },
              },
              after: { withdrawTimeout: 'notice' },
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
              always: { guard: 'isNobodyWaitedFor', target: '#supervisor.draining.join' },
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
          always: 'join',
        },
        join: {
          entry: { type: 'enterPhase', params: 'join' },
          always: { guard: 'isNothingWaitedFor', target: '#supervisor.stopped' },
          after: { closeTimeout: 'abandoning' },
          on: { failure: { target: 'abandoning', actions: ['reportFailure', 'restoreCounts'] } },
        },
        abandoning: {
          entry: ['abandonClients', 'awaitEnds'],
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
