import type { DoneActorEvent, ErrorActorEvent } from 'xstate';
import type { ResolvedComposition } from '../aggregate/composition.ts';
import type { HealthIndex } from '../aggregate/healthIndex.ts';
import type { MonitorGraph } from '../aggregate/monitorGraph.ts';
import type { DrainedClients } from '../drain/drainedClients.ts';
import type { DrainHold, DrainHolds } from '../drain/drainHolds.ts';
import type { ResolvedDrainOptions } from '../drain/drainOptions.ts';
import type { DrainTally } from '../drain/drainTally.ts';
import type { GoawaySchedule } from '../drain/goawaySchedule.ts';
import type { ActorEnded, ActorEvent, SupervisorOwnEvent } from '../events/events.ts';
import type { CloseReason } from '../model/closeReason.ts';
import type { DrainReport } from '../model/drainReport.ts';
import type { GoawayNotice, NoticeDraft } from '../model/notice.ts';
import type { Probe } from '../model/probe.ts';
import type { ServiceEnd } from '../model/service.ts';
import type { StartReport } from '../model/startReport.ts';
import type { CheckLimiter } from '../monitor/checkLimiter.ts';
import type { ResolvedMonitorOptions } from '../monitor/monitorOptions.ts';
import type { NotifierActor, NotifierOutput } from '../notifier/notifierMachine.ts';
import type { Deliver, DeliverBatch, ResolvedNotifierOptions } from '../notifier/notifierOptions.ts';
import type { RetainedNotices } from '../notifier/retainedNotices.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { RunService } from '../service/runScope.ts';
import type { ResolvedServiceOptions } from '../service/serviceOptions.ts';
import type { ServiceTable } from '../service/serviceTable.ts';
import type { Admission, Slot } from '../session/admission.ts';
import type { Connection } from '../session/session.ts';
import type { SessionActor, SessionAged, SessionOutput } from '../session/sessionMachine.ts';
import type { Children } from './children.ts';
import type { ResolvedSupervisorOptions } from './supervisorOptions.ts';
import type { RestoredMonitors } from './supervisorSnapshot.ts';

/** Input of the supervisor machine. Its indices are mutable objects, shared by all snapshots. */
export interface SupervisorInput {
  readonly options: ResolvedSupervisorOptions;
  readonly runtime: Runtime;
  readonly children: Children;
  readonly admission: Admission;
  readonly retainedNotices: RetainedNotices;
  readonly healthIndex: HealthIndex;
  readonly limiter: CheckLimiter;
  readonly goawaySchedule: GoawaySchedule<Client>;
  readonly graph: MonitorGraph;
  readonly holds: DrainHolds;
  readonly serviceTable: ServiceTable;
  /** Takes the report of how the start went, once. */
  readonly reportStart: (report: StartReport) => void;
  readonly drainedClients: DrainedClients;
  readonly restoredMonitors: RestoredMonitors;
  /** Takes the report of a supervisor whose own actor dies. */
  readonly reportDeath: (report: DrainReport) => void;
  /** Captures every monitor, before all of them are stopped. */
  readonly captureMonitors: () => void;
  /** Publishes an event on the supervisor's stream. */
  readonly publish: (event: ActorEvent | SupervisorOwnEvent) => void;
}

/** Context of the supervisor machine. */
export interface SupervisorContext extends SupervisorInput {
  readonly monitors: number;
  readonly sessions: number;
  readonly notifiers: number;
  readonly services: number;
  /** Every monitor that is required for `started` has been judged once, and every such service was ready once. */
  readonly started: boolean;
  /** The program is being taken out of discovery, or was not done with that in time. */
  readonly withdrawing: boolean;
  /** Clients have been told that the whole is going. */
  readonly withdrawn: boolean;
  readonly drain: ResolvedDrainOptions;
  readonly drainStartedAt: number | undefined;
  readonly goaway: GoawayNotice | undefined;
  readonly closeReason: Extract<CloseReason, 'forced' | 'stopped'>;
  readonly outcome: DrainReport['reason'];
  /** The drain is cut short: services are stopped at once, and in no order. */
  readonly isCutShort: boolean;
  readonly startedAt: number;
  /** Whether it was told how the start went. */
  readonly isStartReported: boolean;
  readonly tally: DrainTally;
}

/** Messages that a supervisor's handle sends to it. */
export type SupervisorCommand =
  | { readonly type: 'start' }
  | {
      readonly type: 'watch';
      readonly id: string;
      readonly probe: Probe;
      readonly options: ResolvedMonitorOptions;
      /** Of a composite: what it is made of. */
      readonly composition?: ResolvedComposition;
    }
  | {
      readonly type: 'notify';
      readonly key: string;
      readonly deliver: Deliver | DeliverBatch;
      readonly options: ResolvedNotifierOptions;
    }
  | { readonly type: 'open'; readonly id: string; readonly slot: Slot; readonly connection: Connection }
  | {
      readonly type: 'serve';
      readonly id: string;
      readonly run: RunService;
      readonly options: ResolvedServiceOptions;
    }
  | { readonly type: 'unserve'; readonly id: string }
  | { readonly type: 'rerun'; readonly id: string }
  | { readonly type: 'amend' | 'unwatch'; readonly actorId: string }
  | { readonly type: 'broadcast'; readonly notice: NoticeDraft }
  | { readonly type: 'drain'; readonly options: ResolvedDrainOptions }
  | { readonly type: 'hold' | 'hold.released'; readonly hold: DrainHold }
  | { readonly type: 'abort' }
  | { readonly type: 'stop' };

/**
 * A message of the supervisor to itself: it threw while it processed another, and goes on by ending. Each type asks less
 * of it than the one before: a drain, then force, then an end that waits for nothing.
 */
export type FailureMessage = {
  readonly type: 'failure' | 'failure.force' | 'failure.end';
  readonly cause: unknown;
  /** The message that it could not process. */
  readonly during: SupervisorMessage;
};

/** All messages that a supervisor receives. */
export type SupervisorMessage =
  | SupervisorCommand
  | ActorEvent
  | ActorEnded
  | SessionAged
  | {
      readonly type: 'escalated';
      readonly kind: 'monitor' | 'service';
      readonly id: string;
      readonly restarts: number;
    }
  | FailureMessage
  /** Its clock threw, or told no time: nothing is lost by that, and it ends in order. */
  | { readonly type: 'clock.failed'; readonly cause: unknown }
  /** To itself: everybody was ended without being waited for. */
  | { readonly type: 'abandoned' }
  | DoneActorEvent<{ reason: 'stopped' } | NotifierOutput | SessionOutput | ServiceEnd>
  | ErrorActorEvent;

/** Returns the current time of the supervisor's clock, epoch milliseconds. */
export const now = ({ runtime }: SupervisorContext): number => runtime.clock.now();

/** Returns how long the drain has gone on, in milliseconds. The wall clock may be set back once no timer is armed. */
export function drainedForMs(context: SupervisorContext): number {
  const { drainStartedAt } = context;
  return drainStartedAt === undefined ? 0 : Math.max(0, now(context) - drainStartedAt);
}

/** One client: the actors that stand for it. */
export interface Client {
  readonly session?: SessionActor;
  readonly notifiers: readonly NotifierActor[];
}
