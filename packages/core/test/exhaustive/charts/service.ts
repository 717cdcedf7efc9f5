import type { ServiceContext } from '../../../src/service/serviceContext.ts';
import { serviceMachine } from '../../../src/service/serviceMachine.ts';
import { serviceDefaults } from '../../../src/service/serviceOptions.ts';
import { type ChartExploration, limits } from '../chartExploration.ts';
import { outsideEvents } from '../events.ts';

/** How the chart of a service is explored. */
export function serviceChart(): ChartExploration {
  const events = [
    ...['begin', 'dependencies.changed', 'quiesce', 'let.go', 'give.up'].map((type) => ({ type })),
    ...['run.ready', 'run.beat', 'run.quiet', 'run.done'].map((type) => ({ type })),
    { type: 'run.degraded', detail: 'slow' },
    { type: 'run.notReady', detail: 'down' },
    { type: 'run.failed', cause: new Error('broken') },
    { type: 'stop', reason: 'stop' },
    { type: 'stop.within', withinMs: 5 },
    { type: 'stop.within', withinMs: 0 },
    { type: 'cycle', reason: 'restart' },
    { type: 'retry', delayMs: 10 },
    ...outsideEvents(serviceMachine),
  ];
  let asked = 0;
  const seldom = () => {
    asked += 1;
    return asked % 3 === 0;
  };
  let passing = 0;
  const input = (changed: object, now: () => number, stallToleranceMs = 1_000_000) => ({
    id: 'web',
    port: { begin() {}, quiesce() {}, stop() {}, awaitBeat() {}, beatAt: 0 },
    options: { ...serviceDefaults, ...changed },
    runtime: { clock: { now } },
    relations: { mayBegin: seldom, rootCauseOf: () => (seldom() ? 'network' : undefined) },
    stallToleranceMs,
    listener: { send: () => {} },
  });
  const still = () => 0;
  const remembers = ({ said, isBeatMissed, isForGood, health }: ServiceContext) => [
    said,
    isBeatMissed,
    isForGood,
    health,
  ];
  return {
    machine: serviceMachine,
    explorations: [
      input({}, still),
      input({ startTimeoutMs: 0, quiesceMs: 10 }, still),
      input({ restartWhen: { unhealthyForMs: 10 } }, still),
      {
        ...input({ restartWhen: { unhealthyForMs: 10 } }, still),
        relations: { mayBegin: () => true, rootCauseOf: () => 'network' },
      },
      // The beat is not overdue, is overdue, and is noticed late.
      input({ beatWithinMs: 10 }, still),
      input({ beatWithinMs: 10 }, () => (passing += 10)),
      input({ beatWithinMs: 10 }, () => (passing += 10), 0),
    ].map((each) => ({ ...limits, input: each, events, remembers })),
  };
}
