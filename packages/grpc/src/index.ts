export type { CallStatus } from './callStatus.ts';
export { type DrainableServer, type DrainServerOptions, drainServer, type ServerDrainReport } from './drainServer.ts';
export {
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthDefinition,
  type HealthListRequest,
  type HealthListResponse,
  healthDefinition,
  type MethodDefinition,
  type ServingStatus,
} from './healthProto.ts';
export {
  type HealthImplementation,
  type HealthKeeper,
  type HealthService,
  type HealthServiceStats,
  healthService,
  type WatchRefusal,
  type WatchRefusalReason,
} from './healthService.ts';
export type { HealthServiceOptions } from './healthServiceOptions.ts';
export type { Answer, ServerCall, WatchCall } from './serverCall.ts';
export { servingStatus } from './servingStatus.ts';
