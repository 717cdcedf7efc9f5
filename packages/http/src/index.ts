export {
  type DrainableServer,
  drainHttpServer,
  type HttpServerDrain,
  type ServerKeeper,
} from './drainHttpServer.ts';
export { type FastifyReplyLike, type FastifyRequestLike, forFastify } from './forFastify.ts';
export { forHono } from './forHono.ts';
export { type HealthSource, healthAnswers } from './healthAnswer.ts';
export type { HealthJson, HealthJsonCheck, HealthJsonStatus, ServiceDescription } from './healthJson.ts';
export { type HealthOptions, type HealthQuestion, healthDefaults } from './healthOptions.ts';
export { healthRoutes } from './healthRoutes.ts';
export { type HttpDrainOptions, httpDrainDefaults } from './httpDrainOptions.ts';
export type { HttpAnswer, HttpListener, HttpRequest, HttpResponse } from './listener.ts';
export { onSignals, type Signals } from './onSignals.ts';
export type { EndCause, SignalFact } from './signalFact.ts';
export { type ResolvedSignalOptions, type SignalOptions, type SignalSource, signalDefaults } from './signalOptions.ts';
export { type SignalsContext, type SignalsInput, signalsMachine } from './signalsMachine.ts';
export type { FeedKeeper } from './sseClient.ts';
export { sseFeed } from './sseFeed.ts';
export { type NotifierLimits, type SseFeedOptions, sseFeedDefaults } from './sseFeedOptions.ts';
export { ClientGoneError } from './sseStream.ts';
