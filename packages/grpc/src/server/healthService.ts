import type { RefusalReason, Supervisor } from '@watchkeeper/core';
import { ownAgeOf } from '@watchkeeper/core/adapters';
import { objectWith, requireOption } from '@watchkeeper/core/options';
import { type Observable, Subject } from 'rxjs';
import { type CallStatus, refusalStatus, statusCode } from '../protocol/callStatus.ts';
import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthDefinition,
  type HealthListRequest,
  type HealthListResponse,
  healthDefinition,
} from '../protocol/healthProto.ts';
import { hintMetadata, type MigrationHint } from '../protocol/migrationHint.ts';
import { type HealthServiceOptions, resolveHealthServiceOptions } from './healthServiceOptions.ts';
import { openWatch } from './openWatch.ts';
import type { Answer, ServerCall, WatchCall } from './serverCall.ts';
import { ServiceStatuses } from './serviceStatuses.ts';
import { UnknownServices } from './unknownServices.ts';

/** The methods of grpc.health.v1.Health, in the shape `server.addService` takes. */
export type HealthImplementation = {
  check(call: ServerCall<HealthCheckRequest>, answer: Answer<HealthCheckResponse>): void;
  watch(call: WatchCall): void;
  list(call: ServerCall<HealthListRequest>, answer: Answer<HealthListResponse>): void;
};

/** Reason of a refused Watch: the supervisor had no slot, or a limit of the service was reached. */
export type WatchRefusalReason = RefusalReason | 'unknown-names' | 'name-length';

/** A Watch that was refused. Plain and serialisable. */
export type WatchRefusal = {
  readonly reason: WatchRefusalReason;
  readonly peer: string;
  /** The name that was asked for, cut to the longest that may be. */
  readonly service: string;
};

/** Figures of one moment. Plain and serialisable. */
export type HealthServiceStats = {
  /** Watches that are open. */
  readonly watches: number;
  /** Different unknown names among them. */
  readonly unknownNames: number;
  /** Watches refused since the beginning, by reason. */
  readonly refused: Readonly<Record<WatchRefusalReason, number>>;
};

/** grpc.health.v1 for one server. */
export interface HealthService {
  readonly definition: HealthDefinition;
  readonly implementation: HealthImplementation;
  /** Each refusal from now on. */
  readonly refusals$: Observable<WatchRefusal>;
  stats(): HealthServiceStats;
}

/** The part of a supervisor that the health service needs; it may also count whom the service turns away by itself. */
export type HealthSupervisor = Pick<
  Supervisor,
  'health' | 'monitorOf' | 'statuses' | 'stats' | 'notifier' | 'reserve'
> &
  Partial<Pick<Supervisor, 'noteRefusal'>>;

const keeperRule = objectWith<HealthSupervisor>('monitorOf', 'statuses', 'stats', 'notifier', 'reserve');

/**
 * Serves grpc.health.v1 (Check, Watch and List) from a supervisor.
 *
 * Every Watch is a session and a notifier of the supervisor: it takes one of its slots, is told only of its own
 * service, and a drain tells it NOT_SERVING and ends it, so that no Watch keeps a server from shutting down. A
 * client that does not read costs one status, the latest. Check and List take no slot.
 *
 * The end of a Watch bears in its trailing metadata what the goaway says (`watchkeeper-uri`, `watchkeeper-grace-ms`,
 * `watchkeeper-reconnect-after-ms`), and a refusal when to come back.
 *
 * Give the server a keep-alive, which it lacks unless told: a client that vanished keeps its slot until a ping shows it.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { Server } from '@grpc/grpc-js';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { healthService } from '@watchkeeper/grpc';
 *
 * const keeper = createSupervisor({ maxSessions: 10_000 });
 * const { definition, implementation } = healthService(keeper, { services: { 'orders.v1.Orders': 'database' } });
 * const server = new Server({ 'grpc.keepalive_time_ms': 30_000, 'grpc.keepalive_timeout_ms': 10_000 });
 * server.addService(definition, implementation);
 * ```
 */
export function healthService(keeper: HealthSupervisor, given?: HealthServiceOptions): HealthService {
  requireOption('healthService.keeper', keeperRule, keeper);
  const options = resolveHealthServiceOptions(given);
  const statuses = new ServiceStatuses(keeper, options.services);
  const age = ownAgeOf(options);
  const unknownServices = new UnknownServices(options.maxUnknownNames);
  const refusals = new Subject<WatchRefusal>();
  const refused = { capacity: 0, draining: 0, overload: 0, 'unknown-names': 0, 'name-length': 0 };
  let watches = 0;

  function refuse(
    call: WatchCall,
    peer: string,
    reason: WatchRefusalReason,
    status: CallStatus,
    hint: MigrationHint = {},
  ): void {
    refused[reason] += 1;
    refusals.next({ reason, peer, service: call.request.service.slice(0, options.maxNameLength) });
    // The supervisor has counted its own refusals already.
    const isOurs = reason === 'unknown-names' || reason === 'name-length';
    if (isOurs) keeper.noteRefusal?.({ by: 'grpc', reason, ...(peer === '' ? {} : { peer }) });
    call.emit('error', { ...status, metadata: hintMetadata(hint) });
  }

  function removeWatch(): void {
    watches -= 1;
  }

  function removeUnknownWatch(service: string): void {
    removeWatch();
    unknownServices.remove(service);
  }

  /** Whose call it is; one of which `peerOf` cannot tell is refused. */
  function peerOf(call: WatchCall): string | undefined {
    try {
      const peer = options.peerOf(call);
      if (typeof peer === 'string') return peer;
    } catch {}
    keeper.noteRefusal?.({ by: 'grpc', reason: 'hook' });
    call.emit('error', { code: statusCode.internal, details: 'The server could not tell whose call this is' });
    return undefined;
  }

  function serve(call: WatchCall): void {
    const { service } = call.request;
    const peer = peerOf(call);
    if (peer === undefined) return;
    if (service.length > options.maxNameLength) {
      const details = `A service name may have ${options.maxNameLength} characters`;
      refuse(call, peer, 'name-length', { code: statusCode.invalidArgument, details });
      return;
    }
    const topic = statuses.topicOf(service);
    const slot = keeper.reserve(peer, { topics: topic === undefined ? [] : [topic], ...age });
    if (!slot.reserved) {
      refuse(call, peer, slot.reason, refusalStatus(slot), { reconnectAfterMs: slot.retryAfterMs });
      return;
    }
    const isUnknown = statuses.statusOf(topic) === 'SERVICE_UNKNOWN';
    if (isUnknown && !unknownServices.add(service)) {
      slot.release();
      const details = `${options.maxUnknownNames} unknown services are being watched; no more are taken`;
      refuse(call, peer, 'unknown-names', { code: statusCode.resourceExhausted, details });
      return;
    }
    watches += 1;
    const onEnded = isUnknown ? () => removeUnknownWatch(service) : removeWatch;
    openWatch(call, { keeper, statuses, slot, notifier: options.notifier, onEnded });
  }

  return {
    definition: healthDefinition,
    implementation: {
      check({ request: { service } }, answer) {
        const status = statuses.statusOf(statuses.topicOf(service));
        if (status === 'SERVICE_UNKNOWN') answer({ code: statusCode.notFound, details: 'Unknown service' });
        else answer(null, { status });
      },
      watch(call) {
        if (!call.cancelled) serve(call);
      },
      list(_call, answer) {
        const listed = statuses.list();
        if (listed === undefined) answer({ code: statusCode.resourceExhausted, details: 'Too many services to list' });
        else answer(null, listed);
      },
    },
    refusals$: refusals.asObservable(),
    stats: () => ({ watches, unknownNames: unknownServices.size, refused: { ...refused } }),
  };
}
