import type { SupervisorContext } from '../../../src/supervisor/supervisorContext.ts';
import { supervisorMachine } from '../../../src/supervisor/supervisorMachine.ts';
import { type ChartExploration, limits } from '../chartExploration.ts';
import { outsideEvents } from '../events.ts';

/** How the chart of a supervisor is explored. */
export function supervisorChart(): ChartExploration {
  const drain = (noticeMs: number, graceMs: number) => ({
    type: 'drain',
    options: { noticeMs, graceMs, deadlineMs: 1_000, signal: undefined, uri: undefined },
  });
  const ended = (kind: string) => ({ type: 'actor.ended', kind, id: '1', reason: 'peer', told: true });
  const facts = [
    'health.changed',
    'monitor.updated',
    'verdict.judged',
    'verdict.discarded',
    'check.failed',
    'alert.raised',
    'flapping.began',
    'notice.dropped',
  ];
  const events = [
    ...['start', 'watch', 'notify', 'open', 'broadcast', 'abort', 'stop', 'amend', 'unwatch'].map((type) => ({ type })),
    { type: 'escalated', kind: 'monitor' },
    ...[...facts, 'delivery.failed', 'goaway.failed', 'close.failed', 'peer.leaving'].map((type) => ({ type })),
    ...['monitor', 'notifier', 'session'].map(ended),
    { type: 'verdict.judged', id: 'new' },
    { type: 'session.aged', id: '1' },
    { type: 'clock.failed' },
    { type: 'abandoned' },
    { type: 'hold' },
    { type: 'hold.released' },
    { type: 'xstate.done.actor.session:1:1', actorId: 'session:1:1' },
    { type: 'xstate.error.actor.session:1:1', actorId: 'session:1:1' },
    drain(0, 0),
    drain(0, 100),
    drain(100, 100),
    ...['failure', 'failure.force', 'failure.end'].map((type) => ({ type, during: { type: 'abort' } })),
    ...outsideEvents(supervisorMachine),
  ];
  // Services have an exploration of their own: with all else there would be too many states.
  const ofServices = [
    ...['start', 'serve', 'unserve', 'rerun', 'abort', 'stop', 'open'].map((type) => ({ type })),
    ...['service.entered', 'service.quiet', 'service.stuck', 'service.held', 'run.ended'].map((type) => ({ type })),
    ...['session', 'service'].map(ended),
    { type: 'escalated', kind: 'service' },
    drain(0, 0),
    drain(0, 100),
    { type: 'failure', during: { type: 'abort' } },
    ...outsideEvents(supervisorMachine),
  ];
  let judged = 0;
  let passing = 0;
  const goawaySchedule = {
    get isOver() {
      passing += 1;
      return passing % 2 === 0;
    },
    waitMs: 1,
  };
  const input = (onEscalation: string, startDeadlineMs: number, onStartFailure = 'stay') => ({
    options: {
      onEscalation,
      startDeadlineMs,
      onStartFailure,
      withdraw: () => {},
      withdrawTimeoutMs: 10,
      closeTimeoutMs: 10,
      drain: drain(0, 100).options,
    },
    runtime: { clock: { now: () => 0 } },
    healthIndex: {
      get judged() {
        judged += 1;
        return judged % 2 === 0;
      },
      awaitsVerdict: (id: string) => id === 'new',
      noteVerdict: () => {},
    },
    serviceTable: { wasEachReady: true },
    holds: { size: 0, names: [] },
    drainedClients: { report: { clients: [] } },
    children: {
      monitors: { size: 0 },
      notifiers: Object.assign([], { size: 0 }),
      sessions: Object.assign([], { size: 1, get: () => undefined }),
      services: { size: 0 },
      get uncounted() {
        passing += 1;
        return { monitor: 0, notifier: 0, session: passing % 2, service: 0 };
      },
    },
    goawaySchedule,
  });
  const clamp = (count: number) => Math.max(-1, Math.min(count, 1));
  const remembers = ({ sessions, notifiers, monitors, started, withdrawn, drain }: SupervisorContext) => [
    clamp(sessions),
    clamp(notifiers),
    clamp(monitors),
    started,
    withdrawn,
    [drain.noticeMs, drain.graceMs],
  ];
  return {
    machine: supervisorMachine,
    explorations: [
      { input: input('stay', 10), events, remembers, ...limits },
      { input: input('drain', 10, 'drain'), events, remembers, ...limits },
      {
        input: input('stay', 0),
        events: ofServices,
        remembers: ({ sessions, services, isCutShort }: SupervisorContext) => [
          clamp(sessions),
          clamp(services),
          isCutShort,
        ],
        ...limits,
      },
    ],
  };
}
