import type { InspectionEvent } from 'xstate';
import { type Clock, clockRule } from '../clock/clock.ts';
import { systemClock } from '../clock/systemClock.ts';
import { requireDrainBudget } from '../drain/drainBudget.ts';
import {
  type DrainOptions,
  drainDefaults,
  type ResolvedDrainOptions,
  resolveDrainOptions,
} from '../drain/drainOptions.ts';
import type { Withdraw } from '../drain/withdraw.ts';
import {
  type MonitorOptions,
  monitorDefaults,
  type ResolvedMonitorOptions,
  resolveMonitorOptions,
} from '../monitor/monitorOptions.ts';
import {
  type NotifierOptions,
  notifierDefaults,
  type ResolvedNotifierOptions,
  resolveNotifierOptions,
} from '../notifier/notifierOptions.ts';
import { resolveRestartLimit } from '../registry/restartLimit.ts';
import type { RestartLimit, Strategy } from '../registry/restartPolicy.ts';
import {
  callable,
  count,
  durationMs,
  nestedOptions,
  oneOf,
  optional,
  positiveMs,
  type Rules,
  resolveOptions,
  text,
} from '../rules.ts';
import { randomRule } from '../runtime/random.ts';
import {
  type ResolvedServiceOptions,
  resolveServiceOptions,
  type ServiceOptions,
  serviceDefaults,
} from '../service/serviceOptions.ts';
import type { Admit } from '../session/admit.ts';
import { type ConnectionAgeOptions, connectionAgeDefaults, connectionAgeRules } from '../session/connectionAge.ts';
import { type SupervisorSnapshot, snapshotRule } from './supervisorSnapshot.ts';

/** Options of a supervisor. Every one may be left out. */
export interface SupervisorOptions extends ConnectionAgeOptions {
  /**
   * Names the program in the inspector and in telemetry.
   * @default 'watchkeeper'
   */
  readonly name?: string;
  /**
   * Where all time comes from (INV-78).
   * @default the system's clock
   */
  readonly clock?: Clock;
  /**
   * Where chance comes from: a number from 0 up to 1.
   * @default Math.random
   */
  readonly random?: () => number;
  /**
   * Checks under way at once; the others wait in the state `queued`, one host after the other. 0 is no limit (INV-47).
   * @default 1000
   */
  readonly maxChecks?: number;
  /**
   * Checks under way at once of probes with the same {@link Probe.host}; 0 is no limit.
   * @default 100
   */
  readonly maxChecksPerHost?: number;
  /**
   * What {@link Supervisor.snapshot} answered in an earlier program: monitors with the same ids go on from there, with
   * their streaks, times, schedule, pause and alert, and without a second alert for the same outage.
   * @default nothing is remembered
   */
  readonly resume?: SupervisorSnapshot | undefined;
  /**
   * A snapshot older than this when its monitor is made, in milliseconds, is not used.
   * @default 300000
   */
  readonly resumeMaxAgeMs?: number;
  /**
   * XState's own option: tells every event, snapshot and new actor, from the first on, so that tools made for XState can
   * look on. Every actor pays for it; {@link Supervisor.inspect} does the same for a while.
   * @default nobody looks on
   */
  readonly inspect?: ((event: InspectionEvent) => void) | undefined;
  /** What monitors do that say nothing else. */
  readonly monitor?: MonitorOptions;
  /** What notifiers do that say nothing else. */
  readonly notifier?: NotifierOptions;
  /** How a drain goes that says nothing else. */
  readonly drain?: DrainOptions;
  /** What services do that say nothing else. */
  readonly service?: ServiceOptions;
  /**
   * How many failures of one service within `periodMs` are answered by a restart; one more escalates. Each service is
   * counted apart. The time that it waits for its next run does not count.
   * @default 5 in 60 seconds
   */
  readonly services?: Partial<RestartLimit>;
  /**
   * How long the start may take, in milliseconds, until all that `started` waits for is there; then
   * {@link Supervisor.started} says what is missing. 0 is no limit.
   * @default 60000
   */
  readonly startDeadlineMs?: number;
  /**
   * What happens when `startDeadlineMs` is over: it goes on waiting, or drains.
   * @default 'stay'
   */
  readonly onStartFailure?: 'stay' | 'drain';
  /**
   * How long after its signal the platform kills this program, in milliseconds: the drain's deadline and
   * `closeTimeoutMs` must fit into it. 0 leaves that unchecked. Where signals begin the drain, `onSignals` of
   * `@watchkeeper/http` checks its own budget.
   * @default 0
   */
  readonly terminationGraceMs?: number;
  /**
   * Sessions and reservations at once; 0 is no limit (INV-16).
   * @default 0
   */
  readonly maxSessions?: number;
  /**
   * Sessions and reservations of one peer at once; 0 is no limit.
   * @default 0
   */
  readonly maxSessionsPerPeer?: number;
  /**
   * Sessions and reservations that follow one topic at once; 0 is no limit. Who follows all topics counts for none.
   * @default 0
   */
  readonly maxSessionsPerTopic?: number;
  /**
   * What a refused client is told to wait, in milliseconds.
   * @default 1000
   */
  readonly retryAfterMs?: number;
  /**
   * Decides by load whether a client gets a slot, which is refused as `overload` otherwise. Asked last, of clients that
   * would get one; must be quick, and decide at once. One that throws, or gives another answer, is the event `admit.failed`
   * and admits. `loadLimiter` of `@watchkeeper/http` has one that measures the load of this process.
   * @default everybody
   */
  readonly admit?: Admit;
  /**
   * How long closing one connection may take, in milliseconds; then it counts as ended, and as unfinished.
   * @default 2000
   */
  readonly closeTimeoutMs?: number;
  /**
   * What becomes of a session whose peer says that it is going ({@link Session.peerGoaway}): it stays until the peer ends
   * it, or is closed when the time is over that the peer stated.
   * @default 'stay'
   */
  readonly onPeerGoaway?: 'stay' | 'close';
  /**
   * Which monitors are started again with one that crashed, as in Erlang/OTP.
   * @default 'one_for_one'
   */
  readonly strategy?: Strategy;
  /**
   * How many crashes of monitors within `periodMs` are answered by a restart; one more escalates.
   * @default 1
   */
  readonly intensity?: number;
  /**
   * The period of `intensity`, in milliseconds. The time that a monitor waits for its restart does not count.
   * @default 5000
   */
  readonly periodMs?: number;
  /**
   * What an escalation does beside being an event: the supervisor goes on without the monitor, or drains.
   * @default 'stay'
   */
  readonly onEscalation?: 'stay' | 'drain';
  /**
   * Called once, first in a drain. A failure is an event and does not stop the drain (INV-35).
   * @default nothing to withdraw
   */
  readonly withdraw?: Withdraw;
  /**
   * How long {@link SupervisorOptions.withdraw} may take, in milliseconds.
   * @default 2000
   */
  readonly withdrawTimeoutMs?: number;
}

type Nested = 'monitor' | 'notifier' | 'drain' | 'service' | 'services';

type Plain = Required<Omit<SupervisorOptions, Nested>>;

/** {@link SupervisorOptions}, complete and checked. */
export interface ResolvedSupervisorOptions extends Readonly<Plain> {
  readonly monitor: ResolvedMonitorOptions;
  readonly notifier: ResolvedNotifierOptions;
  readonly drain: ResolvedDrainOptions;
  readonly service: ResolvedServiceOptions;
  readonly services: RestartLimit;
}

/** Defaults of {@link SupervisorOptions}. */
export const supervisorDefaults = {
  name: 'watchkeeper',
  random: Math.random,
  maxChecks: 1_000,
  maxChecksPerHost: 100,
  terminationGraceMs: 0,
  maxSessions: 0,
  maxSessionsPerPeer: 0,
  maxSessionsPerTopic: 0,
  ...connectionAgeDefaults,
  retryAfterMs: 1_000,
  admit: () => undefined,
  closeTimeoutMs: 2_000,
  onPeerGoaway: 'stay',
  strategy: 'one_for_one',
  intensity: 1,
  periodMs: 5_000,
  onEscalation: 'stay',
  withdraw: () => {},
  withdrawTimeoutMs: 2_000,
  resume: undefined,
  resumeMaxAgeMs: 300_000,
  inspect: undefined,
  monitor: monitorDefaults,
  notifier: notifierDefaults,
  drain: drainDefaults,
  service: serviceDefaults,
  services: { intensity: 5, periodMs: 60_000 },
  startDeadlineMs: 60_000,
  onStartFailure: 'stay',
} as const satisfies Required<Omit<SupervisorOptions, 'clock'>>;

export const supervisorRules: Rules<SupervisorOptions> = {
  name: text,
  clock: clockRule,
  random: randomRule,
  maxChecks: count,
  maxChecksPerHost: count,
  terminationGraceMs: durationMs,
  maxSessions: count,
  maxSessionsPerPeer: count,
  maxSessionsPerTopic: count,
  ...connectionAgeRules,
  retryAfterMs: positiveMs,
  admit: callable<Admit>(),
  closeTimeoutMs: positiveMs,
  onPeerGoaway: oneOf('stay', 'close'),
  strategy: oneOf('one_for_one', 'one_for_all', 'rest_for_one'),
  intensity: count,
  periodMs: positiveMs,
  onEscalation: oneOf('stay', 'drain'),
  withdraw: callable<Withdraw>(),
  withdrawTimeoutMs: positiveMs,
  resume: snapshotRule,
  inspect: optional(callable<(event: InspectionEvent) => void>()),
  resumeMaxAgeMs: durationMs,
  monitor: nestedOptions,
  notifier: nestedOptions,
  drain: nestedOptions,
  service: nestedOptions,
  services: nestedOptions,
  startDeadlineMs: durationMs,
  onStartFailure: oneOf('stay', 'drain'),
};

/**
 * @throws {@link InvalidOptionError} for the first option that breaks its rule, at any depth, and for a drain that does
 * not fit into `terminationGraceMs`.
 */
export function resolveSupervisorOptions(given: SupervisorOptions | undefined): ResolvedSupervisorOptions {
  const defaults: Required<SupervisorOptions> = { ...supervisorDefaults, clock: systemClock() };
  const resolved = resolveOptions<Required<SupervisorOptions>>('supervisor', supervisorRules, defaults, given);
  const { terminationGraceMs, closeTimeoutMs } = resolved;
  const drain = resolveDrainOptions(resolved.drain);
  if (terminationGraceMs > 0) {
    requireDrainBudget('supervisor', drain, { terminationGraceMs, spentMs: { closeTimeoutMs } });
  }
  return {
    ...resolved,
    monitor: resolveMonitorOptions(resolved.monitor),
    notifier: resolveNotifierOptions(resolved.notifier),
    drain,
    service: resolveServiceOptions(resolved.service),
    services: resolveRestartLimit('supervisor.services', resolved.services, supervisorDefaults.services),
  };
}
