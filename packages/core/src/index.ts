export type { ActorPeek, ActorView } from './actorView.ts';
export type { ActorNews } from './actorWatch.ts';
export type { ClientRefusal } from './clientRefusal.ts';
export type { Clock } from './clock.ts';
export { type CompiledLogic, compile } from './compile/compile.ts';
export type { Coverage, CoveredTransition } from './compile/coverage.ts';
export { UnsupportedFeatureError } from './compile/refusal.ts';
export type { Timer } from './compile/timers.ts';
export type { CompositeOptions, Composition } from './composite.ts';
export type { LossCounts } from './counters.ts';
export { createSupervisor } from './createSupervisor.ts';
export { type DrainBudget, requireDrainBudget } from './drainBudget.ts';
export { type DrainOptions, drainDefaults, type ResolvedDrainOptions } from './drainOptions.ts';
export {
  CycleError,
  DuplicateIdError,
  InvalidOptionError,
  NotAdmittingError,
  NotParentError,
  ReentrantCallError,
  ReservationSpentError,
  UndecidedError,
  UnknownIdError,
  WatchkeeperError,
} from './errors.ts';

export type {
  ActorEnded,
  ActorFact,
  ActorKind,
  AlertHold,
  CheckTime,
  DiscardCause,
  DropReason,
  KeeperEvent,
  MonitorEvent,
  NotifierEvent,
  RefusalReason,
  SessionEvent,
  SupervisorFact,
} from './events.ts';
export type { Flaps } from './flaps.ts';
export { type Health, healths, isReady, worstHealth } from './health.ts';
export type { KeeperSnapshot } from './keeperSnapshot.ts';
export { createLeanActor, type LeanActorFrom, type LeanActorOptions } from './lean/createLeanActor.ts';
export type { LeanActor } from './lean/leanActor.ts';
export type { MonitorMemory } from './memory.ts';
export type { Monitor, MonitorStatus, MonitorUpdate } from './monitor.ts';
export { monitorMachine } from './monitorMachine.ts';
export { type MonitorOptions, monitorDefaults, type ResolvedMonitorOptions } from './monitorOptions.ts';
export type { GoawayNotice, HealthNotice, Notice, NoticeDraft } from './notice.ts';
export type { Notifier } from './notifier.ts';
export { notifierMachine } from './notifierMachine.ts';
export {
  type Deliver,
  type NotifierOptions,
  notifierDefaults,
  type ResolvedNotifierOptions,
} from './notifierOptions.ts';
export {
  type Observation,
  type ObservationSlot,
  type ObservedAction,
  type ObservedGuard,
  type ObservedTransition,
  type TransitionObserver,
  unwatchTransitions,
  watchTransitions,
} from './observation.ts';
export { type DefineProbeOptions, defineProbe, type Probe } from './probe.ts';
export { type Backoff, backoffDefaults, backoffMs } from './registry/backoff.ts';
export { Child } from './registry/child.ts';
export { type ActorOf, type ChildOf, type Ended, Registry, type RegistryOptions } from './registry/registry.ts';
export {
  type Restart,
  type RestartLimit,
  type RestartRuling,
  restartLimitDefaults,
  ruleOnRestart,
  type Strategy,
} from './registry/restart.ts';
export type { Shutdown } from './registry/shutdown.ts';
export { type CloseReason, type DrainPhase, type DrainReport, drainPhases } from './report.ts';
export {
  callable,
  count,
  durationMs,
  flag,
  objectWith,
  oneOf,
  optional,
  positiveCount,
  positiveMs,
  positiveNumber,
  type Rule,
  type Rules,
  ratio,
  resolveOptions,
  text,
  texts,
  wholeNumber,
} from './rules.ts';
export type { Connection, Refusal, Reservation, Session } from './session.ts';
export { sessionMachine } from './sessionMachine.ts';
export type { Streaks } from './streaks.ts';
export type { Phase, Planes, Supervisor, SupervisorStats } from './supervisor.ts';
export { supervisorMachine } from './supervisorMachine.ts';
export { type SupervisorOptions, supervisorDefaults, type Withdraw } from './supervisorOptions.ts';
export { isVerdict, type Verdict, type VerdictStatus } from './verdict.ts';
export { systemClock } from './wheel/systemClock.ts';
export { TimingWheel, type TimingWheelOptions, type WheelHost } from './wheel/timingWheel.ts';
