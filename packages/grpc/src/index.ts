export type { CallStatus } from './protocol/callStatus.ts';
export {
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthDefinition,
  type HealthListRequest,
  type HealthListResponse,
  healthDefinition,
  type MethodDefinition,
  type ServingStatus,
} from './protocol/healthProto.ts';
export type { MigrationHint } from './protocol/migrationHint.ts';
export {
  type DrainableServer,
  type DrainServerOptions,
  drainServer,
  type ServerDrainReport,
} from './server/drainServer.ts';
export {
  type HealthImplementation,
  type HealthService,
  type HealthServiceStats,
  type HealthSupervisor,
  healthService,
  type WatchRefusal,
  type WatchRefusalReason,
} from './server/healthService.ts';
export type { HealthServiceOptions } from './server/healthServiceOptions.ts';
export type { Answer, ServerCall, WatchCall } from './server/serverCall.ts';
export { servingStatus } from './server/serviceStatuses.ts';
