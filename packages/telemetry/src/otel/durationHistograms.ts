import type { Histogram, Meter } from '@opentelemetry/api';
import type { Supervisor } from '@watchkeeper/core';
import { forcedByKind } from '../metrics/forcedByKind.ts';

/** Boundaries of the buckets, in seconds: those of the SDK are meant for milliseconds, and would hold all in the first. */
const explicitBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Records how long checks, convergence and drains take, and whom a drain ended against their will. */
export function recordDurations(supervisor: Pick<Supervisor, 'events$'>, meter: Meter): { unsubscribe(): void } {
  const histogram = (name: string, description: string): Histogram =>
    meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries } });
  const check = histogram('watchkeeper.check.duration', 'How long checks took, from their turn until their end.');
  const convergence = histogram(
    'watchkeeper.convergence.duration',
    'From a change of health until the last client was told of it.',
  );
  const drain = histogram('watchkeeper.drain.duration', 'How long drains took.');
  const forced = meter.createCounter('watchkeeper.drain.forced', {
    description: 'Whom drains ended against their will, by kind.',
  });
  return supervisor.events$.subscribe((event) => {
    switch (event.type) {
      case 'verdict.judged':
        check.record(event.tookMs / 1_000, { 'watchkeeper.check.outcome': event.verdict.status });
        break;
      case 'verdict.discarded':
        check.record(event.tookMs / 1_000, { 'watchkeeper.check.outcome': 'discarded' });
        break;
      case 'check.failed':
        check.record(event.tookMs / 1_000, { 'watchkeeper.check.outcome': 'error' });
        break;
      case 'notice.converged':
        convergence.record(event.tookMs / 1_000);
        break;
      case 'drain.ended':
        drain.record(event.report.durationMs / 1_000, { 'watchkeeper.drain.reason': event.report.reason });
        for (const [kind, count] of forcedByKind(event.report)) forced.add(count, { 'watchkeeper.actor.kind': kind });
    }
  });
}
