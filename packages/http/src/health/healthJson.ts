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

/** One check that failed. */
export type HealthJsonFailure = {
  readonly time: string;
  readonly durationMs: number;
  /** `fail`, or `error` where the check itself broke. */
  readonly status: 'fail' | 'error';
  readonly output?: string;
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
  /** The latest checks that failed, the latest last: an addition of ours, as the draft lets. */
  readonly lastFailures?: readonly HealthJsonFailure[];
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
  const { id, health, detail, since, verdict, lastFailures, checkedAt = since } = monitor;
  const status = statusOfHealth[health];
  const shared = { componentId: id, status, time: new Date(checkedAt).toISOString() };
  const output = detail === undefined || status === 'pass' ? {} : { output: detail };
  const failed = lastFailures.length === 0 ? {} : { lastFailures: failuresOf(monitor) };
  yield ['health', { ...shared, componentType: 'component', observedValue: health, ...output, ...failed }];
  if (verdict?.latencyMs !== undefined) {
    yield ['responseTime', { ...shared, observedValue: verdict.latencyMs, observedUnit: 'ms' }];
  }
  for (const [name, value] of Object.entries(verdict?.measured ?? {})) {
    yield [keyPart(name), { ...shared, observedValue: value }];
  }
}

/** @returns the latest checks of a monitor that failed, the latest last. */
export function failuresOf({ lastFailures }: Pick<MonitorStatus, 'lastFailures'>): readonly HealthJsonFailure[] {
  return lastFailures.map(({ at, tookMs, verdict, detail }) => ({
    time: new Date(at).toISOString(),
    durationMs: tookMs,
    status: verdict === undefined ? 'error' : 'fail',
    ...(detail === undefined ? {} : { output: detail }),
  }));
}

/** A key is `component:measurement`, so neither part may hold a colon. */
function keyPart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll(':', '%3A');
}
