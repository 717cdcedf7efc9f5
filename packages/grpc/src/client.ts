export type { CallStatus } from './callStatus.ts';
export { grpcProbe } from './grpcProbe.ts';
export type { GrpcTarget, TlsOptions } from './grpcTarget.ts';
export type { CheckAnswer, HealthChannel, WatchListener } from './healthChannel.ts';
export type { ServingStatus } from './healthProto.ts';
export { healthWatchMachine } from './healthWatchMachine.ts';
export { type HealthView, type HealthWatch, type WatchHealthOptions, watchHealth } from './watchHealth.ts';
