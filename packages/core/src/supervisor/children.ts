import type { AnyActorRef, DoneActorEvent, ErrorActorEvent } from 'xstate';
import { NotAdmittingError, ReentrantCallError } from '../errors.ts';
import type { ActorKind } from '../events/events.ts';
import type { MonitorInput } from '../monitor/monitorContext.ts';
import type { MonitorActor, MonitorChild, MonitorLogic } from '../monitor/monitorMachine.ts';
import type { ResolvedMonitorOptions } from '../monitor/monitorOptions.ts';
import { type PendingUpdate, PendingUpdates } from '../monitor/pendingUpdates.ts';
import { snapshotAfterCrash } from '../monitor/persistMonitor.ts';
import type { NotifierActor, NotifierInput, NotifierLogic } from '../notifier/notifierMachine.ts';
import type { Ended } from '../registry/ended.ts';
import { Registry } from '../registry/registry.ts';
import type { ServiceActor, ServiceLogic } from '../service/serviceMachine.ts';
import type { SessionActor, SessionLogic } from '../session/sessionMachine.ts';
import type { Phase } from './phase.ts';
import type { ResolvedSupervisorOptions } from './supervisorOptions.ts';

/** A child that ended, with its end and what follows. */
export type EndedActor =
  | ({ readonly kind: 'monitor' } & Ended<MonitorLogic>)
  | ({ readonly kind: 'notifier' } & Ended<NotifierLogic>)
  | ({ readonly kind: 'session' } & Ended<SessionLogic>)
  | ({ readonly kind: 'service' } & Ended<ServiceLogic>);

/** Compiled machines of the children. */
export interface ChildCharts {
  readonly monitor: MonitorLogic;
  readonly notifier: NotifierLogic;
  readonly session: SessionLogic;
  readonly service: ServiceLogic;
}

/** Machines of the children, and how monitors are restarted. */
export interface ChildrenOptions {
  readonly charts: ChildCharts;
  readonly options: Pick<ResolvedSupervisorOptions, 'clock' | 'random' | 'strategy' | 'intensity' | 'periodMs'>;
  readonly onRestarted: (id: string) => void;
}

/**
 * The children of one supervisor, by kind. A monitor that crashes is started again; a notifier or a session stands
 * for a client, whom no restart brings back; a service runs again by its own chart, so a crash of its actor is its end.
 */
export class Children {
  readonly monitors: Registry<MonitorLogic>;
  readonly notifiers: Registry<NotifierLogic>;
  readonly sessions: Registry<SessionLogic>;
  readonly services: Registry<ServiceLogic>;
  readonly pendingUpdates = new PendingUpdates();
  /** Keys of the notifiers of sessions that may become only so old, by session. */
  readonly #notifiersOf = new Map<string, Set<string>>();
  /** Children that were removed, and whose end the supervisor has not counted yet. */
  readonly uncounted = { monitor: 0, notifier: 0, session: 0, service: 0 };

  constructor({ charts, options, onRestarted }: ChildrenOptions) {
    const { clock, random, strategy, intensity, periodMs } = options;
    this.monitors = new Registry({
      kind: 'monitor',
      logic: charts.monitor,
      clock,
      random,
      restart: 'transient',
      strategy,
      limit: { intensity, periodMs },
      inputOnRestart: (child) => inputAfterCrash(child, this.pendingUpdates.take(child), clock.now()),
      onRestarted: ({ id }) => onRestarted(id),
    });
    this.notifiers = new Registry({ kind: 'notifier', logic: charts.notifier, clock });
    this.sessions = new Registry({ kind: 'session', logic: charts.session, clock });
    this.services = new Registry({ kind: 'service', logic: charts.service, clock });
  }

  /** Returns the actor with this id in the system, of any kind. */
  actorOf(actorId: string): AnyActorRef | undefined {
    const { monitors, notifiers, sessions, services } = this;
    const child =
      monitors.childOf(actorId) ?? notifiers.childOf(actorId) ?? sessions.childOf(actorId) ?? services.childOf(actorId);
    return child?.actor;
  }

  /** Returns the options of a monitor, with an update that it has not taken yet. */
  optionsOf(child: MonitorChild): ResolvedMonitorOptions {
    return (this.pendingUpdates.get(child) ?? child.actor.getSnapshot().context).options;
  }

  /** Returns the actor of a kind with this name. */
  named(kind: ActorKind, id: string): MonitorActor | NotifierActor | SessionActor | ServiceActor | undefined {
    return this[`${kind}s`].get(id)?.actor;
  }

  /** Adds a notifier, not started, and attaches its delivery port to it. */
  addNotifier(input: NotifierInput, parent: AnyActorRef): NotifierActor {
    const { actor } = this.notifiers.add(input.id, input, parent);
    input.delivery.attach(actor);
    this.#noteSession(input);
    return actor;
  }

  /** Returns the keys of the notifiers that stand for the same client as a session that may become only so old. */
  notifiersOf(session: string): ReadonlySet<string> {
    return this.#notifiersOf.get(session) ?? none;
  }

  #noteSession({ id, options: { session } }: NotifierInput): void {
    if (session === undefined || this.sessions.get(session)?.actor.getSnapshot().context.slot.age === undefined) return;
    const keys = this.#notifiersOf.get(session) ?? new Set();
    this.#notifiersOf.set(session, keys.add(id));
  }

  /** Removes a child that ended. @returns the child, `undefined` when it is not known. */
  childEnded(event: DoneActorEvent<unknown> | ErrorActorEvent): EndedActor | undefined {
    const monitor = this.monitors.childEnded(event);
    if (monitor !== undefined) return { kind: 'monitor', ...monitor };
    const session = this.sessions.childEnded(event);
    if (session !== undefined) {
      this.#notifiersOf.delete(session.child.id);
      return { kind: 'session', ...session };
    }
    const notifier = this.notifiers.childEnded(event);
    if (notifier !== undefined) return { kind: 'notifier', ...notifier };
    const service = this.services.childEnded(event);
    return service === undefined ? undefined : { kind: 'service', ...service };
  }
}

const none: ReadonlySet<string> = new Set();

/** Returns the input of a monitor that is started again: the last update, and the alert that must be cleared. */
function inputAfterCrash({ actor }: MonitorChild, pending: PendingUpdate | undefined, now: number): MonitorInput {
  const snapshot = actor.getSnapshot();
  const { id, epoch, runtime, rootCauseOf, limiter, listener } = snapshot.context;
  const { probe, options } = { ...snapshot.context, ...pending };
  const raised = snapshot.matches({ watching: { alert: 'raised' } });
  const restored = snapshotAfterCrash(snapshot.context, raised, now, pending);
  return { id, probe, options, epoch: epoch + 1, runtime, rootCauseOf, restored, limiter, listener };
}

/**
 * Returns what a command has just added.
 *
 * @throws {@link NotAdmittingError} when the supervisor ends, because it failed over the command.
 * @throws {@link ReentrantCallError} when the command waits, because the supervisor was called from inside of itself.
 */
export function requireAdded<TAdded>(what: string, added: TAdded | undefined, phase: Phase): TAdded {
  if (added !== undefined) return added;
  if (phase === 'draining' || phase === 'stopped') throw new NotAdmittingError(what, phase);
  throw new ReentrantCallError();
}
