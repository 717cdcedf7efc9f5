import type { CompiledLogic } from '../compile/compile.ts';
import type { ActorOf, ChildOf } from '../registry/ended.ts';
import { initialContext } from './serviceContext.ts';
import { serviceSetup } from './serviceSetup.ts';

/**
 * Machine of a service: it alone begins and stops the runs of one function of the user's. What follows an ended run is
 * decided by the supervisor, which alone knows siblings, restart limits and the drain.
 * @internal
 */
export const serviceMachine = serviceSetup.createMachine({
  id: 'service',
  context: ({ input }) => initialContext(input),
  initial: 'idle',
  output: ({ context }) => context.end,
  states: {
    idle: {
      on: { begin: 'waiting', quiesce: 'stopped', stop: 'stopped', 'stop.within': 'stopped' },
    },
    waiting: {
      entry: [
        { type: 'reportState', params: 'waiting' },
        { type: 'becomeHealth', params: 'starting' },
      ],
      always: { guard: 'mayBegin', target: 'up' },
      on: {
        'dependencies.changed': { guard: 'mayBegin', target: 'up' },
        quiesce: 'stopped',
        stop: 'stopped',
        'stop.within': 'stopped',
      },
    },
    up: {
      tags: 'up',
      entry: ['nextRun', 'beginRun'],
      initial: 'starting',
      on: {
        'run.done': { target: 'ended', actions: 'noteDone' },
        'run.failed': { target: 'ended', actions: 'noteCrash' },
        quiesce: '.quiescing',
        stop: {
          target: 'stopping',
          actions: ['aimForEnd', { type: 'noteStopReason', params: ({ event }) => event.reason }],
        },
        'stop.within': [
          { guard: 'hasNoTime', target: 'stopped', actions: ['limitTime', 'tellStop', 'endUnfinished'] },
          { target: 'stopping', actions: 'limitTime' },
        ],
        cycle: {
          target: 'stopping',
          actions: ['aimForNext', { type: 'noteStopReason', params: ({ event }) => event.reason }],
        },
      },
      states: {
        starting: {
          entry: { type: 'reportState', params: 'starting' },
          initial: 'deciding',
          on: { 'run.ready': { target: 'running', actions: 'noteReady' } },
          states: {
            deciding: { always: [{ guard: 'hasStartTimeout', target: 'limited' }, { target: 'unlimited' }] },
            limited: {
              after: {
                startTimeout: {
                  target: '#service.stopping',
                  actions: ['aimForNext', { type: 'noteStopReason', params: 'start timeout' }],
                },
              },
            },
            unlimited: {},
          },
        },
        running: {
          type: 'parallel',
          entry: { type: 'reportState', params: 'running' },
          states: {
            beat: {
              initial: 'deciding',
              states: {
                deciding: { always: [{ guard: 'isBeatWatched', target: 'awaited' }, { target: 'unwatched' }] },
                unwatched: {},
                awaited: {
                  entry: 'planBeat',
                  after: {
                    beatDue: [
                      { guard: 'wasStalled', target: 'awaited', reenter: true, actions: 'excuseBeat' },
                      { guard: 'isBeatOverdue', target: 'missed', actions: ['missBeat', 'awaitBeat'] },
                      { target: 'awaited', reenter: true },
                    ],
                  },
                },
                missed: { on: { 'run.beat': { target: 'awaited', actions: 'findBeat' } } },
              },
            },
            health: {
              initial: 'healthy',
              on: {
                'run.ready': { actions: 'noteWell' },
                'run.degraded': { actions: 'noteDegraded' },
                'run.notReady': { actions: 'noteNotReady' },
              },
              states: {
                healthy: {
                  entry: { type: 'becomeHealth', params: 'healthy' },
                  always: [
                    { guard: { type: 'seems', params: 'unhealthy' }, target: 'unhealthy' },
                    { guard: { type: 'seems', params: 'degraded' }, target: 'degraded' },
                  ],
                },
                degraded: {
                  entry: { type: 'becomeHealth', params: 'degraded' },
                  always: [
                    { guard: { type: 'seems', params: 'unhealthy' }, target: 'unhealthy' },
                    { guard: { type: 'seems', params: 'healthy' }, target: 'healthy' },
                  ],
                },
                unhealthy: {
                  entry: { type: 'becomeHealth', params: 'unhealthy' },
                  always: [
                    { guard: { type: 'seems', params: 'healthy' }, target: 'healthy' },
                    { guard: { type: 'seems', params: 'degraded' }, target: 'degraded' },
                  ],
                  initial: 'borne',
                  states: {
                    borne: { always: { guard: 'restartsByHealth', target: 'counting' } },
                    counting: {
                      always: { guard: 'isLetDown', target: 'held' },
                      on: { 'dependencies.changed': { guard: 'isLetDown', target: 'held' } },
                      after: {
                        unhealthyFor: {
                          target: '#service.stopping',
                          actions: ['aimForNext', { type: 'noteStopReason', params: 'unhealthy' }],
                        },
                      },
                    },
                    held: {
                      entry: 'reportHold',
                      on: { 'dependencies.changed': [{ guard: 'isLetDown' }, { target: 'counting' }] },
                    },
                  },
                },
              },
            },
          },
        },
        quiescing: {
          entry: [
            'aimForEnd',
            { type: 'noteStopReason', params: 'drain' },
            'tellQuiesce',
            { type: 'reportState', params: 'quiescing' },
          ],
          initial: 'finishing',
          on: {
            quiesce: {},
            cycle: {},
            'run.done': { target: '#service.stopped', actions: ['noteDone', 'reportRunEnd', 'endAsDone'] },
            'run.failed': { target: '#service.stopped', actions: ['noteCrash', 'reportRunEnd', 'endAsFailed'] },
          },
          states: {
            finishing: {
              always: { guard: 'isQuietAtOnce', target: 'quiet' },
              after: { quiesce: 'quiet' },
              on: { 'run.quiet': 'quiet' },
            },
            quiet: { tags: 'quiet', entry: 'reportQuiet' },
          },
        },
      },
    },
    stopping: {
      tags: 'up',
      entry: ['tellStop', { type: 'reportState', params: 'stopping' }],
      after: {
        shutdown: [{ guard: 'isForGood', target: 'stopped', actions: 'endUnfinished' }, { target: 'stuck' }],
      },
      on: {
        quiesce: { actions: 'aimForEnd' },
        stop: { actions: 'aimForEnd' },
        'stop.within': [
          { guard: 'hasNoTime', target: 'stopped', actions: ['limitTime', 'endUnfinished'] },
          { target: 'stopping', reenter: true, actions: 'limitTime' },
        ],
        'run.done': [
          { guard: 'isForGood', target: 'stopped', actions: ['noteStopped', 'reportRunEnd'] },
          { target: 'ended', actions: 'noteStopped' },
        ],
        'run.failed': [
          { guard: 'isForGood', target: 'stopped', actions: ['noteStoppedBadly', 'reportRunEnd', 'endAsFailed'] },
          { target: 'ended', actions: 'noteStoppedBadly' },
        ],
      },
    },
    stuck: {
      tags: 'up',
      entry: [{ type: 'reportState', params: 'stuck' }, 'reportStuck', { type: 'becomeHealth', params: 'error' }],
      on: {
        'run.done': [
          { guard: 'isForGood', target: 'stopped', actions: ['noteStopped', 'reportRunEnd'] },
          { target: 'ended', actions: 'noteStopped' },
        ],
        'run.failed': [
          { guard: 'isForGood', target: 'stopped', actions: ['noteStoppedBadly', 'reportRunEnd', 'endAsFailed'] },
          { target: 'ended', actions: 'noteStoppedBadly' },
        ],
        quiesce: { actions: 'aimForEnd' },
        stop: { target: 'stopped', actions: 'endUnfinished' },
        'stop.within': { target: 'stopped', actions: ['limitTime', 'endUnfinished'] },
      },
    },
    ended: {
      entry: [{ type: 'reportState', params: 'ended' }, 'reportRunEnd'],
      on: {
        begin: 'waiting',
        retry: { target: 'backingOff', actions: 'noteBackoff' },
        'let.go': { target: 'stopped', actions: 'endAsDone' },
        'give.up': { target: 'stopped', actions: 'endAsFailed' },
        quiesce: 'stopped',
        stop: 'stopped',
        'stop.within': 'stopped',
      },
    },
    backingOff: {
      entry: [
        { type: 'reportState', params: 'backingOff' },
        { type: 'becomeHealth', params: 'error' },
      ],
      after: { backoff: 'waiting' },
      on: { begin: 'waiting', quiesce: 'stopped', stop: 'stopped', 'stop.within': 'stopped' },
    },
    stopped: { type: 'final' },
  },
});

/** The compiled chart of a service. */
export type ServiceLogic = CompiledLogic<typeof serviceMachine>;

/** The running actor of a service. */
export type ServiceActor = ActorOf<ServiceLogic>;

/** The child of a supervisor that is a service. */
export type ServiceChild = ChildOf<ServiceLogic>;
