import { UndecidedError } from '../../../src/errors.ts';
import { healths } from '../../../src/model/health.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import type { MonitorContext } from '../../../src/monitor/monitorContext.ts';
import { monitorMachine } from '../../../src/monitor/monitorMachine.ts';
import { monitorDefaults } from '../../../src/monitor/monitorOptions.ts';
import { noStalls } from '../../../src/runtime/systemStalls.ts';
import { type ChartExploration, limits } from '../chartExploration.ts';
import { outsideEvents } from '../events.ts';

const listener = { send: () => {} };

/** How the chart of a monitor is explored. */
export function monitorChart(): ChartExploration {
  const options = { ...monitorDefaults, failureThreshold: 2, successThreshold: 2, alertAfter: 2, errorThreshold: 3 };
  const probe = async () => ({ status: 'pass' });
  const verdicts: readonly Verdict[] = [
    ...(['pass', 'warn', 'fail'] as const).map((status) => ({ status })),
    { status: 'fail', byTime: true },
  ];
  const input = (changed: object, now: () => number) => ({
    id: 'api',
    probe,
    listener,
    epoch: 1,
    options: { ...options, ...changed },
    runtime: { clock: { now }, random: () => 0.5, stalls: noStalls },
    rootCauseOf: () => undefined,
    limiter: { runs: { isUnderWay: () => false, heldUpBy: () => undefined } },
  });
  const remembering = healths.flatMap((health) =>
    (['quiet', 'counting', 'raised'] as const).map((alert) => ({
      ...input({}, () => 0),
      restored: { health, alert, since: 0, pausedUntil: alert === 'quiet' ? 10 : undefined },
    })),
  );
  const beginning = (['healthy', 'degraded', 'unhealthy'] as const).map((initialHealth) =>
    input({ initialHealth }, () => 0),
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
  const remembers = ({ streaks, flaps, checkPending, decision }: MonitorContext) => [
    decision,
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
  const stalling = (causeAfterMs: number) => ({
    ...input({}, () => 0),
    runtime: {
      clock: { now: () => 0 },
      random: () => 0.5,
      stalls: { ...noStalls, longestMs: () => 2_000, causeAfterMs },
    },
  });
  const deaf = { runs: { isUnderWay: () => true, heldUpBy: () => undefined } };
  const held = { runs: { isUnderWay: () => false, heldUpBy: () => 'others' } };
  return {
    machine: ours,
    explorations: [
      { input: input({}, () => 0), events, remembers, ...limits },
      { input: input({ staggerMs: 10 }, () => 0), events, remembers, ...limits },
      {
        input: { ...input({}, () => 0), limiter: deaf },
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
        ...limits,
      },
      ...[0, 1].map((causeAfterMs) => ({
        input: stalling(causeAfterMs),
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
        ...limits,
      })),
      {
        input: { ...input({}, () => 0), limiter: held },
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
        ...limits,
      },
      // What follows on the first state is the same whichever way it was come to.
      ...[...remembering, ...beginning].map((input) => ({
        input,
        events: [{ type: 'stop' }],
        delays: false,
        remembers,
      })),
      {
        input: { ...input({}, () => 0), rootCauseOf: seldomSound },
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
        ...limits,
      },
      {
        input: input({ flapHalfLifeMs: 5, flapSuppress: 0.9, flapReuse: 0.5 }, () => (passing += 10)),
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
        ...limits,
      },
      {
        input: { ...input({ alertAfter: -1 }, () => 0), rootCauseOf: () => 'network' },
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
        ...limits,
      },
      {
        input: input({ alertAfter: -1 }, () => 0),
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
        ...limits,
      },
      // A held alert whose failures are counted anew.
      {
        input: { ...input({}, () => 0), rootCauseOf: () => 'network' },
        events: [
          { type: 'update', options, probe },
          { type: 'permit.granted', permitId: 1 },
          ...outsideEvents(monitorMachine, verdicts, [new Error('broken')]),
        ],
        remembers,
        ...limits,
      },
      {
        input: input({ startGraceMs: 1_000 }, () => 0),
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
        ...limits,
      },
      {
        input: input({ maxIdleMs: 1 }, () => (passing += 10)),
        events: events.filter(({ type }) => type !== 'update'),
        remembers,
        ...limits,
      },
    ],
  };
}
