import { healths, type LossCounts, type SupervisorStats } from '@watchkeeper/core';
import { countedBy, counterOf, gaugeOf, type MetricFamily } from './metricFamily.ts';

const phases = ['idle', 'running', 'draining', 'stopped'] as const satisfies readonly SupervisorStats['phase'][];

/** A name and a sentence for every count of what was lost: one that core adds does not compile until it is here. */
const losses: Readonly<Record<keyof LossCounts, readonly [name: string, help: string]>> = {
  coalesced: ['notices_coalesced', 'Unread notices that a newer one of their topic replaced.'],
  dropped: ['notices_dropped', 'Notices that never reached their client.'],
  stalled: ['deliveries_stalled', 'Deliveries that took too long.'],
  deliveriesFailed: ['deliveries_failed', 'Deliveries that failed, which ends their client.'],
  refused: ['admissions_refused', 'Clients that were turned away.'],
  admitsFailed: ['admits_failed', 'Clients that were given a slot because the decision by load failed.'],
  checksFailed: ['checks_failed', 'Checks that broke, which says nothing of their target.'],
  verdictsDiscarded: ['verdicts_discarded', 'Checks that said nothing of their target.'],
  lawsViolated: ['laws_violated', 'Times that something did not hold which must. Must read 0.'],
  actorsFailed: ['actors_failed', 'Actors that died of an error of their own.'],
};

/** Returns the metrics of a supervisor. */
export function supervisorFamilies(name: string, stats: SupervisorStats, stalenessMs: number): MetricFamily[] {
  const { phase, health, monitors, checks, services, notifiers, sessions, lost, started, ready, live } = stats;
  const planes = Object.entries({ started, ready, live }).map(([plane, holds]) => [plane, Number(holds)] as const);
  return [
    { kind: 'info', name: 'watchkeeper', help: 'Which program this is.', samples: [{ labels: { name } }] },
    {
      kind: 'stateset',
      name: 'watchkeeper_phase',
      help: 'Where the supervisor stands in its life.',
      states: phases,
      samples: [{ labels: {}, state: phase }],
    },
    {
      kind: 'stateset',
      name: 'watchkeeper_health',
      help: 'The worst health among the monitors that are required for ready.',
      states: healths,
      samples: [{ labels: {}, state: health }],
    },
    countedBy('gauge', 'watchkeeper_plane', 'Whether the program is started, ready and live.', 'plane', planes),
    gaugeOf('watchkeeper_monitors', 'Monitors that run.', monitors.total),
    countedBy(
      'gauge',
      'watchkeeper_monitors_by_health',
      'Monitors that run, by their health.',
      'health',
      Object.entries(monitors.byHealth),
    ),
    gaugeOf('watchkeeper_checks_under_way', 'Checks that run.', checks.underWay),
    gaugeOf('watchkeeper_checks_queued', 'Checks that wait for their turn.', checks.queued),
    gaugeOf('watchkeeper_services', 'Services that have not ended.', services.total),
    gaugeOf('watchkeeper_notifiers_open', 'Clients that are told of changes.', notifiers.open),
    gaugeOf(
      'watchkeeper_staleness_seconds',
      'Age of the oldest change that a client which reads has not been told.',
      stalenessMs / 1_000,
    ),
    gaugeOf('watchkeeper_sessions_open', 'Connections that are open.', sessions.open),
    gaugeOf('watchkeeper_sessions_taken', 'Slots that are taken: open sessions, and reservations.', sessions.taken),
    ...Object.entries(lost).map(([loss, value]) => {
      const [name, help] = losses[loss as keyof LossCounts];
      return counterOf(`watchkeeper_${name}`, help, value);
    }),
  ];
}
