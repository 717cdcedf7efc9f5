import type { SupervisorEvent } from '@watchkeeper/core';
import { forcedByKind } from './forcedByKind.ts';
import { Histogram } from './histogram.ts';
import { countedBy, histogramInSeconds, type MetricFamily } from './metricFamily.ts';

type CheckOutcome = 'pass' | 'warn' | 'fail' | 'error' | 'discarded';

/** Counts the events of a supervisor, from the first one it is given. */
export class EventCounters {
  readonly #events = new Map<string, number>();
  readonly #ended = new Map<string, { readonly kind: string; readonly reason: string; count: number }>();
  readonly #drops = new Map<string, number>();
  readonly #changes = new Map<string, number>();
  readonly #forced = new Map<string, number>();
  readonly #tookMs = new Map<string, number>();
  readonly #checks: Readonly<Record<CheckOutcome, Histogram>>;
  readonly #convergence: Histogram;

  constructor(bucketsMs: readonly number[]) {
    const histogram = () => new Histogram(bucketsMs);
    this.#checks = {
      pass: histogram(),
      warn: histogram(),
      fail: histogram(),
      error: histogram(),
      discarded: histogram(),
    };
    this.#convergence = histogram();
  }

  count(event: SupervisorEvent): void {
    add(this.#events, event.type);
    switch (event.type) {
      case 'verdict.judged':
        this.#countCheck(event.id, event.verdict.status, event.tookMs);
        break;
      case 'check.failed':
        this.#countCheck(event.id, 'error', event.tookMs);
        break;
      case 'verdict.discarded':
        this.#countCheck(event.id, 'discarded', event.tookMs);
        break;
      case 'health.changed':
        add(this.#changes, event.to);
        break;
      case 'notice.dropped':
        add(this.#drops, event.reason, event.count);
        break;
      case 'notice.converged':
        this.#convergence.observe(event.tookMs);
        break;
      case 'drain.ended':
        for (const [kind, forced] of forcedByKind(event.report)) this.#forced.set(kind, forced);
        break;
      case 'supervisor.escalated':
        this.#tookMs.delete(event.id);
        break;
      case 'actor.ended':
        this.#countEnd(event.kind, event.reason);
        if (event.kind === 'monitor') this.#tookMs.delete(event.id);
        break;
    }
  }

  /** Returns how long the latest check of a monitor took, in milliseconds. */
  tookMs(id: string): number | undefined {
    return this.#tookMs.get(id);
  }

  families(): MetricFamily[] {
    const checks = Object.entries(this.#checks).map(([outcome, histogram]) => histogram.sample({ outcome }));
    return [
      countedBy('counter', 'watchkeeper_events', 'Everything that happened, by its kind.', 'type', this.#events),
      countedBy(
        'counter',
        'watchkeeper_health_changes',
        'Changes of health, by what came of them.',
        'to',
        this.#changes,
      ),
      countedBy('counter', 'watchkeeper_drops', 'Notices that never reached their client.', 'reason', this.#drops),
      {
        kind: 'counter',
        name: 'watchkeeper_actors_ended',
        help: 'Monitors, notifiers and sessions that ended.',
        samples: Array.from(this.#ended.values(), ({ kind, reason, count }) => ({
          labels: { kind, reason },
          value: count,
        })),
      },
      countedBy(
        'gauge',
        'watchkeeper_drain_forced',
        'Whom the drain ended against their will, by kind, once it is over.',
        'kind',
        this.#forced,
      ),
      histogramInSeconds(
        'watchkeeper_check_duration_seconds',
        'How long checks took, from their turn until their end.',
        checks,
      ),
      histogramInSeconds(
        'watchkeeper_convergence_seconds',
        'From a change of health until the last client was told of it.',
        [this.#convergence.sample()],
      ),
    ];
  }

  #countCheck(id: string, outcome: CheckOutcome, tookMs: number): void {
    this.#checks[outcome].observe(tookMs);
    this.#tookMs.set(id, tookMs);
  }

  #countEnd(kind: string, reason: string): void {
    const key = `${kind} ${reason}`;
    const ended = this.#ended.get(key);
    if (ended === undefined) this.#ended.set(key, { kind, reason, count: 1 });
    else ended.count += 1;
  }
}

function add(counts: Map<string, number>, name: string, count = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
