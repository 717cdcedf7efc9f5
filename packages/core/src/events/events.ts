import type { ClientRefusal } from '../model/clientRefusal.ts';
import type { CloseReason } from '../model/closeReason.ts';
import type { DrainedClient, DrainPhase, DrainReport } from '../model/drainReport.ts';
import type { Health } from '../model/health.ts';
import type { LawViolation } from '../model/lawViolation.ts';
import type { GoawayNotice, Notice } from '../model/notice.ts';
import type { Plane } from '../model/plane.ts';
import type { RunEnd, ServiceEnd, ServiceState, StopReason } from '../model/service.ts';
import type { StartReport } from '../model/startReport.ts';
import type { Verdict } from '../model/verdict.ts';
import type { StallCause } from '../runtime/stallMeter.ts';
import type { StartEvent } from './startEvents.ts';

/** The kinds of actor a supervisor owns. */
export type ActorKind = 'monitor' | 'notifier' | 'session' | 'service';

/**
 * When a slot was reserved: before any drain; in a drain with `whileDraining`; or in a drain without it, which does not
 * happen unless a defect lets it.
 */
export type ReservedWhen = 'beforeDrain' | 'whileDraining' | 'inDrain';

/** Why a reservation was refused. */
export type RefusalReason = 'capacity' | 'draining' | 'overload';

/** Events of monitors. `id` is the monitor's. */
export type MonitorEvent =
  | ({
      readonly type: 'verdict.judged';
      readonly id: string;
      readonly verdict: Verdict;
      readonly epoch: number;
    } & CheckTime)
  /** A check said nothing of its target, and is judged neither way. */
  | ({ readonly type: 'verdict.discarded'; readonly id: string; readonly epoch: number } & DiscardCause & CheckTime)
  /** The check itself broke: the probe threw, or answered no verdict. */
  | ({
      readonly type: 'check.failed';
      readonly id: string;
      readonly cause: unknown;
      readonly errors: number;
    } & CheckTime)
  | {
      readonly type: 'health.changed';
      readonly id: string;
      /** Set where it is a service. */
      readonly kind?: 'service';
      readonly from: Health;
      readonly to: Health;
      readonly detail?: string;
      /** The registration it belongs to; grows with every update of the monitor. */
      readonly epoch: number;
      /** How many changes of health this monitor has had. */
      readonly seq: number;
      /** The planes of the program that depend on it. */
      readonly requiredFor: readonly Plane[];
      /** In a pause: what counts for it in planes, composites and dependencies; absent where nothing is known of it. */
      readonly assumed?: Health;
    }
  | {
      readonly type: 'monitor.updated';
      readonly id: string;
      readonly epoch: number;
      readonly requiredFor: readonly Plane[];
      /** What counts for it from now on, where it is paused and its pause was changed. */
      readonly assumed?: Health;
    }
  | { readonly type: 'alert.raised'; readonly id: string; readonly detail?: string; readonly failures: number }
  | { readonly type: 'alert.cleared'; readonly id: string }
  /** A target falls again and again: its alerts are held from now on. `penalty` counts its falls, the late ones more. */
  | { readonly type: 'flapping.began'; readonly id: string; readonly penalty: number }
  | { readonly type: 'flapping.ended'; readonly id: string; readonly penalty: number }
  /** An alert is due and not raised. It is raised when the reason is gone and the target still fails. */
  | ({
      readonly type: 'alert.held';
      readonly id: string;
      readonly detail?: string;
      readonly failures: number;
    } & AlertHold);

/** Duration of a check. */
export type CheckTime = {
  /** From the start of the check, when it had got its turn, until its end was noticed, in milliseconds. */
  readonly tookMs: number;
};

/** Why an alert that is due is not raised. */
export type AlertHold =
  /** Something it depends on is down; `rootCause` is at the bottom of it. */
  | { readonly reason: 'dependency'; readonly rootCause: string }
  /** It falls again and again. */
  | { readonly reason: 'flapping'; readonly penalty: number };

/** Why a check said nothing of its target. */
export type DiscardCause =
  /**
   * This program itself stood still for `lateMs` milliseconds in or just before the check, which was judged by its time;
   * with the cause where the host tells it: garbage was collected, the machine was suspended, the wall clock was set.
   */
  | { readonly reason: 'stall'; readonly lateMs: number; readonly cause?: StallCause }
  /** The probe could not tell, and said so. */
  | { readonly reason: 'undecided'; readonly detail: string };

/** Events of notifiers. `id` is the key the client was registered under. */
export type NotifierEvent =
  /** Newer notices of their topics replaced `count` unread ones. Told when the client has caught up, or goes. */
  | { readonly type: 'notice.coalesced'; readonly id: string; readonly count: number }
  | {
      readonly type: 'notice.dropped';
      readonly id: string;
      readonly count: number;
      /** Whether the goaway is one of them. */
      readonly goaway: boolean;
      readonly reason: DropReason;
    }
  | { readonly type: 'delivery.failed'; readonly id: string; readonly cause: unknown }
  | { readonly type: 'delivery.stalled'; readonly id: string; readonly waitedMs: number };

/** Why accepted notices never reached their client. `overflow`: too many topics ended that it had not read of. */
export type DropReason = 'goaway' | 'overflow' | CloseReason;

/** Events of sessions. `id` is the session's. */
export type SessionEvent =
  /** The peer says that it is going, and in which time; 0 where it stated none. */
  | { readonly type: 'peer.leaving'; readonly id: string; readonly timeoutMs: number }
  | { readonly type: 'goaway.failed'; readonly id: string; readonly cause: unknown }
  | { readonly type: 'close.failed'; readonly id: string; readonly cause: unknown };

/** Events of services. `id` is the service's. Their changes of health are the monitors' event `health.changed`. */
export type ServiceEvent =
  | Extract<MonitorEvent, { type: 'health.changed' }>
  | {
      readonly type: 'service.entered';
      readonly id: string;
      readonly state: ServiceState;
      readonly run: number;
    }
  | {
      readonly type: 'run.ended';
      readonly id: string;
      readonly run: number;
      readonly how: RunEnd;
      /** What it threw; unset where it threw nothing. */
      readonly cause: unknown;
      readonly tookMs: number;
    }
  /** Nothing is in flight any more, or the time for that is over: it may be stopped. */
  | { readonly type: 'service.quiet'; readonly id: string; readonly run: number }
  /** Its run was told to stop for another, and goes on: no other begins until it ends. */
  | { readonly type: 'service.stuck'; readonly id: string; readonly run: number; readonly reason: StopReason }
  /** It is unhealthy and would be restarted, but something it depends on is down. */
  | { readonly type: 'service.held'; readonly id: string; readonly rootCause?: string };

/** Events that a child sends to its supervisor. */
export type ActorEvent = MonitorEvent | NotifierEvent | SessionEvent | ServiceEvent;

/** An actor is gone, and nothing refers to it any more. */
export type ActorEnded =
  | {
      readonly type: 'actor.ended';
      readonly kind: Exclude<ActorKind, 'service'>;
      readonly id: string;
      readonly reason: CloseReason;
      /** Of a session: whether it was closed against its will. */
      readonly forced?: boolean;
      /** Of a session: whether its connection had not closed when we stopped waiting for that. */
      readonly unfinished?: boolean;
      /** Of a notifier: whether the goaway was delivered. */
      readonly told?: boolean;
    }
  | ({ readonly type: 'actor.ended'; readonly kind: 'service'; readonly id: string } & ServiceEnd);

/** Types of the events that a supervisor receives as messages and publishes unchanged. */
export const receivedEventTypes = [
  'health.changed',
  'monitor.updated',
  'verdict.judged',
  'verdict.discarded',
  'check.failed',
  'alert.raised',
  'alert.cleared',
  'alert.held',
  'flapping.began',
  'flapping.ended',
  'notice.coalesced',
  'notice.dropped',
  'delivery.failed',
  'delivery.stalled',
  'peer.leaving',
  'goaway.failed',
  'close.failed',
  'service.entered',
  'service.quiet',
  'service.stuck',
  'service.held',
  'run.ended',
  'actor.ended',
] as const satisfies readonly (ActorEvent | ActorEnded)['type'][];

/** Events that the supervisor itself adds. */
export type SupervisorOwnEvent =
  | StartEvent
  | { readonly type: 'supervisor.started' }
  /** All that `started` waits for is there, or the wait is over. */
  | { readonly type: 'start.ended'; readonly report: StartReport }
  | {
      readonly type: 'actor.started';
      readonly kind: ActorKind;
      readonly id: string;
      /** Of a session: when its slot was reserved. */
      readonly reserved?: ReservedWhen;
    }
  | ActorEnded
  /** An actor died of an error of its own; the supervisor and its siblings did not. */
  | { readonly type: 'actor.failed'; readonly kind: ActorKind; readonly id: string; readonly cause: unknown }
  /** A monitor goes on from what an earlier program knew `ageMs` ago. */
  | { readonly type: 'monitor.resumed'; readonly id: string; readonly ageMs: number }
  /** What an earlier program knew of a monitor is too old: it begins anew. */
  | { readonly type: 'monitor.expired'; readonly id: string; readonly ageMs: number }
  /** Something a monitor depends on went down; `rootCause` is at the bottom of it. Said again when that changes. */
  | {
      readonly type: 'dependency.lost';
      readonly id: string;
      /** Set where it is a service. */
      readonly kind?: 'service';
      readonly rootCause: string;
    }
  /** Nothing a monitor depends on is down any more. */
  | { readonly type: 'dependency.restored'; readonly id: string; readonly kind?: 'service' }
  | { readonly type: 'actor.restarting'; readonly id: string; readonly delayMs: number; readonly attempt: number }
  | { readonly type: 'actor.restarted'; readonly id: string }
  /** The run of a service failed or ended: another begins after a wait. */
  | { readonly type: 'service.restarting'; readonly id: string; readonly delayMs: number; readonly attempt: number }
  /** A monitor or service failed too often within its period: it is not started again, and counts as `error` from now on. */
  | {
      readonly type: 'supervisor.escalated';
      readonly kind: 'monitor' | 'service';
      readonly id: string;
      readonly restarts: number;
    }
  | { readonly type: 'notice.broadcast'; readonly notice: Notice; readonly notifiers: number }
  /**
   * Nobody is owed the latest notice of a topic any more: of `notifiers`, `told` delivered it, and the others dropped it.
   * Never said of a notice that a newer one of its topic overtook, or that went out to nobody.
   */
  | {
      readonly type: 'notice.converged';
      readonly topic: string;
      readonly seq: number;
      readonly notifiers: number;
      readonly told: number;
      /** From when it became so until the last client was told, in milliseconds. */
      readonly tookMs: number;
    }
  | {
      readonly type: 'admission.refused';
      readonly reason: RefusalReason;
      readonly peer?: string;
      readonly retryAfterMs: number;
    }
  /** {@link SupervisorOptions.admit} threw, or gave an answer that is none. The client got its slot all the same. */
  | { readonly type: 'admit.failed'; readonly cause: unknown }
  /** An adapter turned a client away by itself, before it could ask for a slot. */
  | ({ readonly type: 'client.refused' } & ClientRefusal)
  /** Something that must always hold did not: a defect, of this program or of the watch that found it. */
  | ({ readonly type: 'law.violated' } & LawViolation)
  | { readonly type: 'drain.entered'; readonly phase: DrainPhase }
  /** A drain tells its clients to go over a time; the rate is `raised` where the one asked for would take too long. */
  | {
      readonly type: 'drain.spread';
      readonly clients: number;
      readonly spreadMs: number;
      readonly raised: boolean;
    }
  /** A client is told to go, because its turn in the drain has come. One that comes later is told as it comes. */
  | {
      readonly type: 'client.goaway';
      readonly kind: 'notifier' | 'session';
      readonly id: string;
      readonly notice: GoawayNotice;
    }
  | { readonly type: 'withdraw.failed'; readonly cause: unknown }
  /** The supervisor threw while it processed a message, or its clock threw or told no time: it ends in order. */
  | { readonly type: 'supervisor.failed'; readonly cause: unknown }
  /** A client was forced, evicted or left unfinished. Told while somebody listens, also of those beyond `drain.maxNamed`. */
  | { readonly type: 'drain.client'; readonly client: DrainedClient }
  | { readonly type: 'drain.ended'; readonly report: DrainReport };

/**
 * Everything that happens under a supervisor, as one stream: every change, drop, coalescing, refusal, failure
 * and forced close, with its reason (INV-77).
 */
export type SupervisorEvent = (ActorEvent | SupervisorOwnEvent) & {
  /** When, in epoch milliseconds of the supervisor's clock. */
  readonly at: number;
};
