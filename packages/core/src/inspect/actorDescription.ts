import type { Notice } from '../model/notice.ts';
import type { MonitorContext } from '../monitor/monitorContext.ts';
import type { NotifierContext } from '../notifier/notifierMachine.ts';
import type { Restart } from '../registry/restartPolicy.ts';
import type { ServiceContext } from '../service/serviceContext.ts';
import type { SessionContext, SessionSettings } from '../session/sessionMachine.ts';
import type { SupervisorContext } from '../supervisor/supervisorContext.ts';
import type { ActorView } from './actorView.ts';

/** Limits of a supervisor and of its drain, in milliseconds. */
export type SupervisorDescription = {
  readonly withdrawTimeoutMs: number;
  readonly closeTimeoutMs: number;
  /** Of the present drain; before it, of one that is given no options. */
  readonly drain: { readonly noticeMs: number; readonly graceMs: number; readonly deadlineMs: number };
};

/** What a monitor goes by beside its status. Times are epoch milliseconds. */
export type MonitorDescription = {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
  readonly flapPenalty: number;
  /** When the next check is due. */
  readonly dueAt: number | undefined;
  readonly pausedUntil: number | undefined;
  /** When the running check, or the last one, started. */
  readonly checkStartedAt: number;
  /** Whether it went on from a snapshot of an earlier program or an earlier actor. */
  readonly isRestored: boolean;
};

/** Deliveries and limits of a notifier. */
export type NotifierDescription = {
  /** The notice in flight, of several the first. */
  readonly delivering: Notice | undefined;
  /** How many notices wait behind it. */
  readonly waiting: number;
  readonly goaway: Notice | undefined;
  /** Whether the goaway was delivered. */
  readonly told: boolean;
  readonly topics: readonly string[] | undefined;
  readonly maxPending: number;
  readonly stallAfterMs: number;
  readonly evictAfterMs: number;
};

/** Peer, end and limits of a session. */
export type SessionDescription = SessionSettings & {
  readonly peer: string | undefined;
  readonly peerLeaving: boolean;
  /** The goaway that the peer was sent. */
  readonly goaway: Extract<Notice, { type: 'goaway' }> | undefined;
  /** Whether it was closed before its client left. */
  readonly forced: boolean;
  /** Whether its connection had not closed when that was no longer waited for. */
  readonly unfinished: boolean;
};

/** Limits of a service, in milliseconds. */
export type ServiceDescription = {
  readonly dependsOn: readonly string[];
  readonly restart: Restart;
  readonly startTimeoutMs: number;
  readonly quiesceMs: number;
  readonly shutdownMs: number;
  readonly beatWithinMs: number;
};

/** The description of each kind of actor. Descriptions may hold text of the program. */
export type ActorDescriptions = {
  readonly supervisor: SupervisorDescription;
  readonly monitor: MonitorDescription;
  readonly notifier: NotifierDescription;
  readonly session: SessionDescription;
  readonly service: ServiceDescription;
};

/** The context of each kind of actor. */
type Contexts = {
  readonly supervisor: SupervisorContext;
  readonly monitor: MonitorContext;
  readonly notifier: NotifierContext;
  readonly session: SessionContext;
  readonly service: ServiceContext;
};

const describers: {
  readonly [TKind in ActorView['kind']]: (context: Contexts[TKind]) => ActorDescriptions[TKind];
} = {
  supervisor: ({ options: { withdrawTimeoutMs, closeTimeoutMs }, drain: { noticeMs, graceMs, deadlineMs } }) => ({
    withdrawTimeoutMs,
    closeTimeoutMs,
    drain: { noticeMs, graceMs, deadlineMs },
  }),
  monitor: ({ options, flaps, dueAt, pausedUntil, checkStartedAt, restored }) => ({
    intervalMs: options.intervalMs,
    timeoutMs: options.timeoutMs,
    failureThreshold: options.failureThreshold,
    successThreshold: options.successThreshold,
    flapPenalty: flaps.penalty,
    dueAt,
    pausedUntil,
    checkStartedAt,
    isRestored: restored !== undefined,
  }),
  notifier: ({ delivery, goaway, told, options }) => ({
    delivering: delivery.inFlight,
    waiting: delivery.pending - delivery.inFlightCount,
    goaway,
    told,
    topics: options.topics,
    maxPending: options.maxPending,
    stallAfterMs: options.stallAfterMs,
    evictAfterMs: options.evictAfterMs,
  }),
  session: ({ slot, peerLeaving, notice, forced, unfinished, settings }) => ({
    peer: slot.peer,
    peerLeaving,
    goaway: notice,
    forced,
    unfinished,
    closeTimeoutMs: settings.closeTimeoutMs,
    onPeerGoaway: settings.onPeerGoaway,
  }),
  service: ({ options: { dependsOn, restart, startTimeoutMs, quiesceMs, shutdownMs, beatWithinMs } }) => ({
    dependsOn,
    restart,
    startTimeoutMs,
    quiesceMs,
    shutdownMs,
    beatWithinMs,
  }),
};

/**
 * Returns the description of an actor.
 *
 * @param context the context of an actor of `kind`.
 */
export function describeContext<TKind extends ActorView['kind']>(
  kind: TKind,
  context: Contexts[TKind],
): ActorDescriptions[TKind] {
  return describers[kind](context);
}
