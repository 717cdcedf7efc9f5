import { healths, type MonitorStatus, planes } from '@watchkeeper/core';
import { gaugeOf, type MetricFamily, type NumberSample } from './metricFamily.ts';

/** Figures of monitors beside their status. */
export interface MonitorReadings {
  /** How long the latest check of a monitor took, in milliseconds. */
  tookMs(id: string): number | undefined;
}

/**
 * Returns the metrics of single monitors: of the first `maxMonitors` only, and how many were left out.
 *
 * `probe_success` and `probe_duration_seconds` are named as by Prometheus' blackbox exporter, so that dashboards and
 * alerts made for it work.
 */
export function monitorFamilies(
  statuses: readonly MonitorStatus[],
  readings: MonitorReadings,
  maxMonitors: number,
): MetricFamily[] {
  const shown = statuses.slice(0, maxMonitors);
  const gauge = (
    name: string,
    help: string,
    read: (status: MonitorStatus) => number | boolean | undefined,
  ): MetricFamily => ({
    kind: 'gauge',
    name,
    help,
    ...(name.endsWith('_seconds') ? { unit: 'seconds' } : {}),
    samples: shown.flatMap((status): NumberSample[] => {
      const value = read(status);
      return value === undefined ? [] : [{ labels: { monitor: status.id }, value: Number(value) }];
    }),
  });
  return [
    gauge('probe_success', 'Whether the latest check passed, a warning included.', ({ verdict, checkedAt }) =>
      checkedAt === undefined ? undefined : verdict !== undefined && verdict.status !== 'fail',
    ),
    gauge('probe_duration_seconds', 'How long the latest check took.', ({ id }) => inSeconds(readings.tookMs(id))),
    gauge('watchkeeper_monitor_latency_seconds', 'How long the target took to answer the latest check.', (status) =>
      inSeconds(status.verdict?.latencyMs),
    ),
    {
      kind: 'stateset',
      name: 'watchkeeper_monitor_health',
      help: 'The health of a target.',
      states: healths,
      samples: shown.map(({ id, health }) => ({ labels: { monitor: id }, state: health })),
    },
    {
      kind: 'gauge',
      name: 'watchkeeper_monitor_required',
      help: 'Whether a plane of the program depends on the target.',
      samples: shown.flatMap(({ id, requiredFor }) =>
        planes.map((plane) => ({ labels: { monitor: id, plane }, value: Number(requiredFor.includes(plane)) })),
      ),
    },
    {
      kind: 'gauge',
      name: 'watchkeeper_monitor_tag',
      help: 'The tags of a target, to join by.',
      samples: shown.flatMap(({ id, tags }) => tags.map((tag) => ({ labels: { monitor: id, tag }, value: 1 }))),
    },
    gauge('watchkeeper_monitor_alerting', 'Whether an alert is raised.', (status) => status.alerting),
    gauge('watchkeeper_monitor_alert_held', 'Whether an alert is due and held back.', (status) => status.alertHeld),
    gauge('watchkeeper_monitor_flapping', 'Whether the target falls again and again.', (status) => status.flapping),
    gauge(
      'watchkeeper_monitor_root_cause',
      'Whether something the target depends on is down.',
      ({ rootCause }) => rootCause !== undefined,
    ),
    gauge('watchkeeper_monitor_consecutive_failures', 'Failed checks in a row.', ({ failures }) => failures),
    gauge('watchkeeper_monitor_changed_timestamp_seconds', 'Since when the health has been so.', ({ since }) =>
      inSeconds(since),
    ),
    gauge('watchkeeper_monitor_checked_timestamp_seconds', 'When the latest check ended.', ({ checkedAt }) =>
      inSeconds(checkedAt),
    ),
    gauge('watchkeeper_monitor_healthy_timestamp_seconds', 'When a check last passed.', ({ healthyAt }) =>
      inSeconds(healthyAt),
    ),
    gaugeOf(
      'watchkeeper_monitors_left_out',
      'Monitors without series of their own, because there are more than maxMonitors.',
      statuses.length - shown.length,
    ),
  ];
}

const inSeconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000);
