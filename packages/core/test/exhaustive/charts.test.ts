import { describe, expect, it } from 'vitest';
import { UndecidedError } from '../../src/errors.ts';
import { healths } from '../../src/model/health.ts';
import type { MonitorContext } from '../../src/monitor/monitorContext.ts';
import { monitorMachine } from '../../src/monitor/monitorMachine.ts';
import { monitorDefaults } from '../../src/monitor/monitorOptions.ts';
import { type NotifierContext, notifierMachine } from '../../src/notifier/notifierMachine.ts';
import { notifierDefaults } from '../../src/notifier/notifierOptions.ts';
import { type SessionContext, sessionMachine } from '../../src/session/sessionMachine.ts';
import type { SupervisorContext } from '../../src/supervisor/supervisorContext.ts';
import { supervisorMachine } from '../../src/supervisor/supervisorMachine.ts';
import { outsideEvents } from './events.ts';
import { type Coverage, explore, sayCoverage } from './explore.ts';

function expectFull(name: string, coverage: Coverage): void {
  console.log(sayCoverage(name, coverage));
  expect(coverage.untaken).toEqual([]);
}

const listener = { send: () => {} };
const goaway = (graceMs: number) => ({ type: 'goaway', reason: 'draining', graceMs, at: 0 });

describe('every transition is taken by some path of the chart of', () => {
  it('a session', () => {
    const events = [
      { type: 'drain', notice: goaway(100) },
      { type: 'drain', notice: goaway(0) },
      { type: 'force', reason: 'forced' },
      { type: 'abandon', reason: 'forced' },
      { type: 'end', reason: 'peer' },
      { type: 'end', reason: 'stalled' },
      { type: 'peer.goaway', timeoutMs: 10 },
      { type: 'peer.overdue' },
      { type: 'goaway.failed' },
      { type: 'connection.closed' },
      { type: 'close.failed' },
      ...outsideEvents(sessionMachine),
    ];
    const remembers = ({ peerLeaving, forced, reason }: SessionContext) => [peerLeaving, forced, reason];
    const modes = ['stay', 'close'].map((onPeerGoaway) => ({ closeTimeoutMs: 10, onPeerGoaway }));
    const coverage = explore(
      sessionMachine,
      modes.map((settings) => ({ input: { id: '1', settings, listener }, events, remembers })),
    );
    expectFull('session', coverage);
  });

  it('a notifier', () => {
    const events = [
      { type: 'notices.coalesced', count: 2 },
      { type: 'notices.dropped', count: 2 },
      { type: 'goaway', notice: goaway(100) },
      { type: 'close', reason: 'peer' },
      { type: 'delivery.awaited' },
      { type: 'delivery.done' },
      { type: 'delivery.failed', cause: 'gone' },
      ...outsideEvents(notifierMachine),
    ];
    // A notice may be in flight without its notifier having heard of it, and a client may come when all are told to go.
    const ports = [undefined, { type: 'health', topic: 'a', health: 'healthy', seq: 1, at: 0 }].map((inFlight) => ({
      inFlight,
      stop: () => ({ dropped: 0, coalesced: 0 }),
    }));
    const remembers = ({ goaway, reason }: NotifierContext) => [goaway !== undefined, reason];
    const explorations = ports.flatMap((delivery) =>
      [undefined, goaway(100)].map((late) => ({
        input: { id: 'a', listener, delivery, options: notifierDefaults, goaway: late },
        events,
        remembers,
      })),
    );
    expectFull('notifier', explore(notifierMachine, explorations));
  });

  it('a monitor', () => {
    const options = { ...monitorDefaults, failureThreshold: 2, successThreshold: 2, alertAfter: 2, errorThreshold: 3 };
    const probe = async () => ({ status: 'pass' });
    const verdicts = (['pass', 'warn', 'fail'] as const).map((status) => ({ status }));
    const input = (changed: object, now: () => number) => ({
      id: 'api',
      probe,
      listener,
      epoch: 1,
      options: { ...options, ...changed },
      runtime: { clock: { now }, random: () => 0.5 },
      rootCauseOf: () => undefined,
      limiter: { runs: { isUnderWay: () => false, heldUpBy: () => undefined } },
    });
    const remembering = healths.flatMap((health) =>
      (['quiet', 'counting', 'raised'] as const).map((alert) => ({
        ...input({}, () => 0),
        restored: { health, alert, since: 0, pausedUntil: alert === 'quiet' ? 10 : undefined },
      })),
    );
    const events = [
      { type: 'check' },
      { type: 'pause' },
      { type: 'pause', ttlMs: 10 },
      { type: 'resume' },
      { type: 'update', options },
      { type: 'update', options, probe },
      { type: 'markConnected' },
      { type: 'markReconnecting' },
      { type: 'recordActivity' },
      { type: 'members.unknown' },
      { type: 'permit.granted', permitId: 1 },
      { type: 'run.ended', permitId: 1 },
      { type: 'stop' },
      ...outsideEvents(monitorMachine, verdicts, [new Error('broken'), new UndecidedError('too few samples')]),
    ];
    const remembers = ({ streaks, flaps, checkPending }: MonitorContext) => [
      flaps.flapping,
      Math.min(streaks.passes, 2),
      Math.min(streaks.failures, 2),
      Math.min(streaks.errors, 3),
      checkPending,
    ];
    let passing = 0;
    let sought = 0;
    const seldomSound = () => {
      sought += 1;
      return sought % 3 === 0 ? undefined : 'network';
    };
    // Permit ids grow without end, so every permit that is granted counts as the current one here.
    const ours = monitorMachine.provide({
      guards: {
        isCurrentPermit: () => true,
        isCurrentRun: () => true,
        isFormerRunUnderWay: ({ context: { id, probe, limiter } }) => limiter.runs.isUnderWay(id, probe),
      },
    });
    const deaf = { runs: { isUnderWay: () => true, heldUpBy: () => undefined } };
    const held = { runs: { isUnderWay: () => false, heldUpBy: () => 'others' } };
    const coverage = explore(ours, [
      { input: input({}, () => 0), events, remembers },
      { input: input({ staggerMs: 10 }, () => 0), events, remembers },
      {
        input: { ...input({}, () => 0), limiter: deaf },
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
      },
      {
        input: { ...input({}, () => 0), limiter: held },
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
      },
      // What follows on the first state is the same whichever way it was come to.
      ...remembering.map((input) => ({ input, events: [{ type: 'stop' }], remembers })),
      {
        input: { ...input({}, () => 0), rootCauseOf: seldomSound },
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
      },
      {
        input: input({ flapHalfLifeMs: 5, flapSuppress: 0.9, flapReuse: 0.5 }, () => (passing += 10)),
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
      },
      {
        input: { ...input({ alertAfter: -1 }, () => 0), rootCauseOf: () => 'network' },
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
      },
      { input: input({ alertAfter: -1 }, () => 0), events: events.filter(({ type }) => type !== 'update'), remembers },
      // A held alert whose failures are counted anew.
      {
        input: { ...input({}, () => 0), rootCauseOf: () => 'network' },
        events: [
          { type: 'update', options, probe },
          { type: 'permit.granted', permitId: 1 },
          ...outsideEvents(monitorMachine, verdicts, [new Error('broken')]),
        ],
        remembers,
      },
      {
        input: input({ startGraceMs: 1_000 }, () => 0),
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
      },
      {
        input: input({ maxIdleMs: 1 }, () => (passing += 10)),
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
      },
    ]);
    expectFull('monitor', coverage);
  });

  it('a supervisor', () => {
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
      ...['start', 'watch', 'notify', 'open', 'broadcast', 'abort', 'stop', 'escalated', 'amend', 'unwatch'].map(
        (type) => ({ type }),
      ),
      ...[...facts, 'delivery.failed', 'goaway.failed', 'close.failed', 'peer.leaving'].map((type) => ({ type })),
      ...['monitor', 'notifier', 'session'].map(ended),
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
    let passing = 0;
    const goawaySchedule = {
      get isOver() {
        passing += 1;
        return passing % 2 === 0;
      },
      waitMs: 1,
    };
    const input = (onEscalation: string) => ({
      options: {
        onEscalation,
        withdraw: () => {},
        withdrawTimeoutMs: 10,
        closeTimeoutMs: 10,
        drain: drain(0, 100).options,
      },
      runtime: { clock: { now: () => 0 } },
      healthIndex: { judged: true },
      holds: { size: 0, names: [] },
      children: {
        monitors: { size: 0 },
        notifiers: { size: 0 },
        sessions: { size: 1 },
        get uncounted() {
          return { monitor: 0, notifier: 0, session: 0 };
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
    const coverage = explore(supervisorMachine, [
      { input: input('stay'), events, remembers },
      { input: input('drain'), events, remembers },
    ]);
    expectFull('supervisor', coverage);
  });
});
