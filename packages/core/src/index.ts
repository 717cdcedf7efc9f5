export { createLeanActor, type LeanActorFrom } from './actor/createLeanActor.ts';
export type { LeanActor } from './actor/leanActor.ts';
export type { LeanActorOptions } from './actor/leanActorOptions.ts';
export type { Composition } from './aggregate/composition.ts';
export type { Clock } from './clock/clock.ts';
export { systemClock } from './clock/systemClock.ts';
export { TimingWheel, type TimingWheelOptions, type WheelHost } from './clock/timingWheel.ts';
export { type CompiledLogic, compile } from './compile/compile.ts';
export { type CompileOptions, compileDefaults } from './compile/compileOptions.ts';
export type { Coverage, CoveredTransition } from './compile/coverage.ts';
export { UnsupportedFeatureError } from './compile/model/unsupportedFeatureError.ts';
export type {
  Observation,
  ObservationSlot,
  ObservedAction,
  ObservedGuard,
  ObservedTransition,
  Timer,
  TransitionObserver,
} from './compile/perActor/observation.ts';
export { unwatchTransitions, watchTransitions } from './compile/perActor/watchTransitions.ts';
export { createSupervisor } from './createSupervisor.ts';
export { type DrainBudget, requireDrainBudget } from './drain/drainBudget.ts';
export { type DrainOptions, drainDefaults, type ResolvedDrainOptions } from './drain/drainOptions.ts';
export type { Withdraw } from './drain/withdraw.ts';
export {
  CycleError,
  DuplicateIdError,
  InvalidOptionError,
  InvalidVerdictError,
  NotAdmittingError,
  NotParentError,
  ReentrantCallError,
  ReservationSpentError,
  ResourceClosedError,
  ServiceEndedError,
  ServiceStopError,
  UndecidedError,
  UnheededSignalError,
  UnknownIdError,
  UnrecoverableError,
  WatchkeeperError,
} from './errors.ts';
export type {
  ActorEnded,
  ActorEvent,
  ActorKind,
  AlertHold,
  CheckTime,
  DiscardCause,
  DropReason,
  MonitorEvent,
  NotifierEvent,
  RefusalReason,
  ReservedWhen,
  ServiceEvent,
  SessionEvent,
  SupervisorEvent,
  SupervisorOwnEvent,
} from './events/events.ts';
export type { EventLevel, LossCounts } from './events/eventTable.ts';
export type { StartEvent } from './events/startEvents.ts';
export type { ActorChanges } from './inspect/actorChanges.ts';
export type {
  ActorDescriptions,
  MonitorDescription,
  NotifierDescription,
  ServiceDescription,
  SessionDescription,
  SupervisorDescription,
} from './inspect/actorDescription.ts';
export type { ActorPeek, ActorView } from './inspect/actorView.ts';
export type { ClientRefusal } from './model/clientRefusal.ts';
export type { CloseReason } from './model/closeReason.ts';
export {
  type ConnectionActivity,
  type DrainedClient,
  type DrainPhase,
  type DrainReport,
  drainPhases,
} from './model/drainReport.ts';
export { type Health, healths, isReady, worstHealth } from './model/health.ts';
export type { LawViolation } from './model/lawViolation.ts';
export type { GoawayNotice, HealthNotice, Notice, NoticeDraft } from './model/notice.ts';
export { type Plane, planes } from './model/plane.ts';
export { type DefineProbeOptions, defineProbe, type Probe } from './model/probe.ts';
export type { RunEnd, ServiceEnd, ServiceState, ServiceStatus, StopReason } from './model/service.ts';
export type { StartReport } from './model/startReport.ts';
export { isVerdict, type Verdict, type VerdictStatus } from './model/verdict.ts';
export type { CheckFailure } from './monitor/checkFailure.ts';
export type { CompositeOptions } from './monitor/compositeOptions.ts';
export type { Flaps } from './monitor/flapping.ts';
export type { GroupStatus } from './monitor/groupStatus.ts';
export type { Monitor, MonitorStatus, MonitorUpdate } from './monitor/monitor.ts';
export { monitorMachine } from './monitor/monitorMachine.ts';
export { type MonitorOptions, monitorDefaults, type ResolvedMonitorOptions } from './monitor/monitorOptions.ts';
export type { MonitorSnapshot } from './monitor/monitorSnapshot.ts';
export type { Assumption, PauseOptions } from './monitor/pauseOptions.ts';
export type { Streaks } from './monitor/streaks.ts';
export type { Notifier } from './notifier/notifier.ts';
export { notifierMachine } from './notifier/notifierMachine.ts';
export {
  type BatchNotifierOptions,
  type Deliver,
  type DeliverBatch,
  type NotifierOptions,
  notifierDefaults,
  type ResolvedNotifierOptions,
} from './notifier/notifierOptions.ts';
export { type Backoff, backoffDefaults, backoffMs } from './registry/backoff.ts';
export { Child } from './registry/child.ts';
export type { AutoShutdown, ChildSpec, ResolvedChildSpec } from './registry/childSpec.ts';
export type { ActorOf, ChildOf, Ended } from './registry/ended.ts';
export { Registry } from './registry/registry.ts';
export { type RegistryOptions, registryDefaults } from './registry/registryOptions.ts';
export {
  decideRestart,
  type Restart,
  type RestartDecision,
  type RestartLimit,
  restartLimitDefaults,
  type Strategy,
} from './registry/restartPolicy.ts';
export type { Shutdown } from './registry/shutdown.ts';
export type { StallCause } from './runtime/stallMeter.ts';
export { type ActorServiceOptions, actorService } from './service/actorService.ts';
export { type ConsumerOptions, consumerService } from './service/consumerService.ts';
export { type IntervalOptions, intervalService } from './service/intervalService.ts';
export { type ResourceOptions, type ResourceService, resourceService } from './service/resourceService.ts';
export type { RunScope, RunService } from './service/runScope.ts';
export type { Service } from './service/service.ts';
export { serviceMachine } from './service/serviceMachine.ts';
export { type ResolvedServiceOptions, type ServiceOptions, serviceDefaults } from './service/serviceOptions.ts';
export type { Admit } from './session/admit.ts';
export type { ConnectionAgeOptions } from './session/connectionAge.ts';
export type { ReserveOptions } from './session/reserveOptions.ts';
export type { Connection, Refusal, Reservation, Session } from './session/session.ts';
export { type SessionSettings, sessionMachine } from './session/sessionMachine.ts';
export type { Phase } from './supervisor/phase.ts';
export { supervisorMachine } from './supervisor/supervisorMachine.ts';
export { type SupervisorOptions, supervisorDefaults } from './supervisor/supervisorOptions.ts';
export type { SupervisorSnapshot } from './supervisor/supervisorSnapshot.ts';
export type { Planes, Supervisor, SupervisorStats } from './supervisor.ts';
