import type { ErrorActorEvent } from 'xstate';
import { beginTally } from '../drain/drainTally.ts';
import { reportOf } from './drainClients.ts';
import { supervisorSetup } from './supervisorSetup.ts';

/**
 * Knows all other actors: admits, broadcasts, drains, stops.
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
    broadcast: { actions: 'broadcast' },
    'health.changed': { actions: ['publish', 'enterHealth', 'noteStarted'] },
    'monitor.updated': { actions: ['publish', 'enterHealth'] },
    'verdict.judged': { actions: ['publish', 'enterWeight'] },
    'verdict.discarded': { actions: 'publish' },
    'check.failed': { actions: 'publish' },
    'alert.*': { actions: 'publish' },
    'flapping.*': { actions: 'publish' },
    'notice.*': { actions: 'publish' },
    'delivery.*': { actions: 'publish' },
    'peer.leaving': { actions: 'publish' },
    'goaway.failed': { actions: 'publish' },
    'close.failed': { actions: 'publish' },
    'xstate.done.actor.*': { actions: 'settle' },
    'xstate.error.actor.*': { actions: 'settle' },
    'actor.ended': { actions: ['countEnd', 'publish'] },
    escalated: { actions: ['reportEscalation', 'uncountMonitor'] },
  },
  states: {
    idle: {
      on: {
        start: { target: 'running', actions: 'startMonitors' },
        watch: { actions: ['addMonitor', 'countMonitor'] },
        open: { actions: ['addSession', 'countSession'] },
        drain: 'draining',
        stop: { target: '#supervisor.draining.force', actions: 'closeAsStopped' },
      },
    },
    running: {
      entry: 'noteStarted',
      on: {
        watch: { actions: ['addMonitor', 'countMonitor', 'startMonitor'] },
        open: { actions: ['addSession', 'countSession'] },
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
      on: { open: { actions: ['addSession', 'countSession', 'countStraggler'] } },
      states: {
        orderly: {
          initial: 'withdraw',
          after: { deadline: { target: 'force', actions: { type: 'cutShort', params: 'deadline' } } },
          on: {
            abort: { target: 'force', actions: { type: 'cutShort', params: 'aborted' } },
            stop: { target: 'force', actions: 'closeAsStopped' },
          },
          states: {
            withdraw: {
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
              entry: [{ type: 'enterPhase', params: 'notice' }, 'announceWithdrawal', 'noteWithdrawn'],
              always: 'lag',
            },
            lag: {
              entry: { type: 'enterPhase', params: 'lag' },
              always: { guard: 'hasNoLag', target: 'goaway' },
              after: { lag: 'goaway' },
            },
            goaway: {
              entry: [{ type: 'enterPhase', params: 'goaway' }, 'writeGoaway', 'stopMonitors'],
              initial: 'planning',
              states: {
                planning: {
                  always: [
                    { guard: 'hasNoGrace', target: '#supervisor.draining.force' },
                    { target: 'telling', actions: 'planDismissal' },
                  ],
                },
                telling: {
                  entry: 'dismissDue',
                  always: { guard: 'isEverybodyTold', target: '#supervisor.draining.orderly.grace' },
                  after: { nextTurn: { target: 'telling', reenter: true, actions: 'comeToNextTurn' } },
                },
              },
            },
            grace: {
              entry: { type: 'enterPhase', params: 'grace' },
              always: { guard: 'hasNoClientLeft', target: '#supervisor.draining.join' },
              after: { grace: '#supervisor.draining.force' },
            },
          },
        },
        force: {
          entry: [
            { type: 'enterPhase', params: 'force' },
            'noteWithdrawn',
            'writeLastGoaway',
            'stopMonitors',
            'closeClients',
          ],
          always: 'join',
        },
        join: {
          entry: { type: 'enterPhase', params: 'join' },
          always: { guard: 'hasNobodyLeft', target: '#supervisor.stopped' },
          on: { notify: { actions: ['addLateNotifier', 'countNotifier'] } },
        },
      },
    },
    stopped: { type: 'final', entry: 'publishReport' },
  },
});
