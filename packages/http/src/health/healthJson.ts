import type { Health, MonitorStatus, Verdict } from '@watchkeeper/core';

/** The three statuses of `application/health+json`. */
export type HealthJsonStatus = Verdict['status'];

/** Identity of the program, as in `application/health+json`. */
export type ServiceDescription = {
  readonly version?: string;
  readonly releaseId?: string;
  readonly serviceId?: string;
  readonly description?: string;
};

/** One entry under `checks` of `application/health+json`. */
export type HealthJsonCheck = {
  readonly componentId: string;
  readonly componentType?: 'component';
  readonly status: HealthJsonStatus;
  readonly observedValue: string | number;
  readonly observedUnit?: string;
  readonly time: string;
  readonly output?: string;
};

/** A body of `application/health+json` (draft-inadarei-api-health-check-06). */
export type HealthJson = ServiceDescription & {
  readonly status: HealthJsonStatus;
  readonly output?: string;
  readonly checks?: Readonly<Record<string, readonly HealthJsonCheck[]>>;
};

/** The status of each health. */
export const statusOfHealth: Readonly<Record<Health, HealthJsonStatus>> = {
  healthy: 'pass',
  paused: 'pass',
  degraded: 'warn',
  starting: 'warn',
  reconnecting: 'warn',
  stale: 'fail',
  unhealthy: 'fail',
  error: 'fail',
  stopped: 'fail',
};

/** @returns the `checks` of all monitors: the health of each, its latency, and its measurements. */
export function checksOf(statuses: readonly MonitorStatus[]): Record<string, readonly HealthJsonCheck[]> {
  const checks: Record<string, readonly HealthJsonCheck[]> = {};
  for (const monitor of statuses) {
    const component = keyPart(monitor.id);
    for (const [measurement, check] of measurementsOf(monitor)) checks[`${component}:${measurement}`] = [check];
  }
  return checks;
}

function* measurementsOf(monitor: MonitorStatus): Iterable<[string, HealthJsonCheck]> {
  const { id, health, detail, since, verdict, checkedAt = since } = monitor;
  const status = statusOfHealth[health];
  const shared = { componentId: id, status, time: new Date(checkedAt).toISOString() };
  const output = detail === undefined || status === 'pass' ? {} : { output: detail };
  yield ['health', { ...shared, componentType: 'component', observedValue: health, ...output }];
  if (verdict?.latencyMs !== undefined) {
    yield ['responseTime', { ...shared, observedValue: verdict.latencyMs, observedUnit: 'ms' }];
  }
  for (const [name, value] of Object.entries(verdict?.measured ?? {})) {
    yield [keyPart(name), { ...shared, observedValue: value }];
  }
}

/** A key is `component:measurement`, so neither part may hold a colon. */
function keyPart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll(':', '%3A');
}
