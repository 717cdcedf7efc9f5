export type { CallStatus } from './callStatus.ts';
export { grpcProbe } from './grpcProbe.ts';
export type { GrpcTarget, TlsOptions } from './grpcTarget.ts';
export type { CheckAnswer, HealthChannel, WatchListener } from './healthChannel.ts';
export type { ServingStatus } from './healthProto.ts';
export type { HealthView } from './healthView.ts';
export { healthWatchMachine } from './healthWatchMachine.ts';
export { type HealthWatch, watchHealth } from './watchHealth.ts';
export type { WatchHealthOptions } from './watchHealthOptions.ts';
