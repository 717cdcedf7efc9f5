export { drainHttpServer, type HttpServerDrain } from './drain/drainHttpServer.ts';
export { type HttpDrainOptions, httpDrainDefaults } from './drain/httpDrainOptions.ts';
export type { ServerSupervisor } from './drain/serverDrain.ts';
export type { DrainableServer } from './drain/serverProtocols.ts';
export { type FastifyReplyLike, type FastifyRequestLike, forFastify } from './frameworks/fastify.ts';
export { forHono } from './frameworks/hono.ts';
export {
  type AgentCheckOptions,
  type AgentSocket,
  type AgentSource,
  agentCheck,
  agentCheckDefaults,
} from './health/agentCheck.ts';
export type { GroupSource } from './health/groupAnswer.ts';
export type { GroupOptions, Groups } from './health/groupOptions.ts';
export { groupRoutes } from './health/groupRoutes.ts';
export { type HealthSource, healthAnswers } from './health/healthAnswer.ts';
export type {
  HealthJson,
  HealthJsonCheck,
  HealthJsonFailure,
  HealthJsonStatus,
  ServiceDescription,
} from './health/healthJson.ts';
export { type HealthOptions, type HealthQuestion, healthDefaults } from './health/healthOptions.ts';
export { healthRoutes } from './health/healthRoutes.ts';
export type { HealthHistory } from './health/historyAnswer.ts';
export type { HttpAnswer, HttpListener, HttpRequest, HttpResponse } from './listener.ts';
export type { LoadSample } from './load/aimdLimit.ts';
export { type LoadLimiter, type LoadPermit, type LoadStats, loadLimiter } from './load/loadLimiter.ts';
export { type LoadLimiterOptions, type LoadPriority, loadLimiterDefaults } from './load/loadLimiterOptions.ts';
export { shedLoad } from './load/shedLoad.ts';
export {
  type RequestPriority,
  type SheddingSupervisor,
  type ShedLoadOptions,
  type ShedRequest,
  shedLoadDefaults,
} from './load/shedLoadOptions.ts';
export { ResponseEndedError } from './responses/supervisedStream.ts';
export {
  type ResponseSupervisor,
  type SupervisedFetchResponse,
  type SupervisedResponse,
  superviseResponse,
} from './responses/superviseResponse.ts';
export {
  type NodeResponse,
  type SuperviseResponseOptions,
  superviseResponseDefaults,
} from './responses/superviseResponseOptions.ts';
export { onSignals, type Signals } from './signals/onSignals.ts';
export type { EndCause, SignalEvent } from './signals/signalEvents.ts';
export {
  type ResolvedSignalOptions,
  type SignalOptions,
  type SignalSource,
  signalDefaults,
} from './signals/signalOptions.ts';
export { type SignalsContext, type SignalsInput, signalsMachine } from './signals/signalsMachine.ts';
export { ClientGoneError } from './sse/responseStream.ts';
export type { FeedSupervisor } from './sse/sseConnection.ts';
export { sseFeed } from './sse/sseFeed.ts';
export { type SseFeedOptions, sseFeedDefaults } from './sse/sseFeedOptions.ts';
