import type { Supervisor } from '@watchkeeper/core';
import type { HealthListResponse, ServingStatus } from '../protocol/healthProto.ts';
import { servingStatus } from './servingStatus.ts';

/** The part of a supervisor that is read to answer one question. */
export type HealthSource = Pick<Supervisor, 'health' | 'monitorOf' | 'statuses' | 'stats'>;

/** gRFC A90: a server with more services than this answers List with RESOURCE_EXHAUSTED. */
const longestList = 100;

/** What is served under which name, and how each stands at this moment. */
export class ServiceBoard {
  readonly #keeper: HealthSource;
  readonly #idByName: ReadonlyMap<string, string> | undefined;

  constructor(keeper: HealthSource, services: Readonly<Record<string, string>> | undefined) {
    this.#keeper = keeper;
    this.#idByName = services === undefined ? undefined : new Map(Object.entries(services));
  }

  /** The topic behind a name; `undefined` for a name that can never be known. */
  topicOf(service: string): string | undefined {
    return service === '' || this.#idByName === undefined ? service : this.#idByName.get(service);
  }

  /** The status of a topic; `SERVICE_UNKNOWN` when nothing of that name is watched over. */
  statusOf(topic: string | undefined): Exclude<ServingStatus, 'UNKNOWN'> {
    const { health } = this.#keeper;
    if (topic === '') return servingStatus(health);
    const monitor = topic === undefined ? undefined : this.#keeper.monitorOf(topic);
    if (monitor === undefined) return this.#isDismantled ? 'NOT_SERVING' : 'SERVICE_UNKNOWN';
    return health === 'stopped' ? 'NOT_SERVING' : servingStatus(monitor.health);
  }

  /** Every known service, or `undefined` when they are too many to list. */
  list(): HealthListResponse | undefined {
    const known = this.#idByName === undefined ? this.#keeper.stats().monitors.total : this.#idByName.size;
    if (known >= longestList) return undefined;
    const names = this.#idByName?.keys() ?? this.#keeper.statuses().map(({ id }) => id);
    const statuses = ['', ...names]
      .map((name) => [name, { status: this.statusOf(this.topicOf(name)) }] as const)
      .filter(([, { status }]) => status !== 'SERVICE_UNKNOWN');
    return { statuses: Object.fromEntries(statuses) };
  }

  /** A drain has stopped the monitors: which names were known can no longer be told, and none is served. */
  get #isDismantled(): boolean {
    return this.#keeper.health === 'stopped' && this.#keeper.stats().monitors.total === 0;
  }
}
