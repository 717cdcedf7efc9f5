import { type Health, isReady, type Supervisor } from '@watchkeeper/core';
import type { HealthListResponse, ServingStatus } from '../protocol/healthProto.ts';

/**
 * Maps a health to the status a gRPC client is told: whether work may be sent there.
 *
 * `healthy`, `degraded` and `paused` are `SERVING`; everything else is `NOT_SERVING`, `starting` too, since
 * nothing is yet known in its favour.
 */
export function servingStatus(health: Health): Exclude<ServingStatus, 'UNKNOWN' | 'SERVICE_UNKNOWN'> {
  return isReady(health) ? 'SERVING' : 'NOT_SERVING';
}

/** The part of a supervisor that Check and List read. */
export type HealthSource = Pick<Supervisor, 'health' | 'monitorOf' | 'statuses' | 'stats'>;

/** gRFC A90: a server with as many services as this answers List with RESOURCE_EXHAUSTED. */
const maxListed = 100;

/** The status of each service, read from the supervisor at the moment it is asked for. */
export class ServiceStatuses {
  readonly #keeper: HealthSource;
  readonly #idByName: ReadonlyMap<string, string> | undefined;

  constructor(keeper: HealthSource, services: Readonly<Record<string, string>> | undefined) {
    this.#keeper = keeper;
    this.#idByName = services === undefined ? undefined : new Map(Object.entries(services));
  }

  /** @returns the topic behind a service name; `undefined` for a name that can never be known. */
  topicOf(service: string): string | undefined {
    return service === '' || this.#idByName === undefined ? service : this.#idByName.get(service);
  }

  /** @returns the status of a topic; `SERVICE_UNKNOWN` when there is no monitor of that name. */
  statusOf(topic: string | undefined): Exclude<ServingStatus, 'UNKNOWN'> {
    const { health } = this.#keeper;
    if (topic === '') return servingStatus(health);
    const monitor = topic === undefined ? undefined : this.#keeper.monitorOf(topic);
    if (monitor === undefined) return this.#hasStoppedMonitors ? 'NOT_SERVING' : 'SERVICE_UNKNOWN';
    return health === 'stopped' ? 'NOT_SERVING' : servingStatus(monitor.health);
  }

  /** @returns every known service, or `undefined` when they are too many to list. */
  list(): HealthListResponse | undefined {
    const known = this.#idByName === undefined ? this.#keeper.stats().monitors.total : this.#idByName.size;
    if (known >= maxListed) return undefined;
    const names = this.#idByName?.keys() ?? this.#keeper.statuses().map(({ id }) => id);
    const statuses = ['', ...names]
      .map((name) => [name, { status: this.statusOf(this.topicOf(name)) }] as const)
      .filter(([, { status }]) => status !== 'SERVICE_UNKNOWN');
    return { statuses: Object.fromEntries(statuses) };
  }

  /** Whether a drain has removed the monitors: it is no longer known which names there were, and none is served. */
  get #hasStoppedMonitors(): boolean {
    return this.#keeper.health === 'stopped' && this.#keeper.stats().monitors.total === 0;
  }
}
