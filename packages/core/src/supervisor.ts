import type { Observable } from 'rxjs';
import type { InspectionEvent } from 'xstate';
import type { Composition } from './aggregate/composition.ts';
import type { Coverage } from './compile/coverage.ts';
import type { TransitionObserver } from './compile/perActor/observation.ts';
import type { DrainOptions } from './drain/drainOptions.ts';
import type { SupervisorEvent } from './events/events.ts';
import type { LossCounts } from './events/eventTable.ts';
import type { ActorChanges } from './inspect/actorChanges.ts';
import type { ActorDescriptions } from './inspect/actorDescription.ts';
import type { ActorPeek, ActorView } from './inspect/actorView.ts';
import type { ClientRefusal } from './model/clientRefusal.ts';
import type { DrainReport } from './model/drainReport.ts';
import type { Health } from './model/health.ts';
import type { LawViolation } from './model/lawViolation.ts';
import type { NoticeDraft } from './model/notice.ts';
import type { Plane } from './model/plane.ts';
import type { Probe } from './model/probe.ts';
import type { ServiceStatus } from './model/service.ts';
import type { StartReport } from './model/startReport.ts';
import type { CompositeOptions } from './monitor/compositeOptions.ts';
import type { GroupStatus } from './monitor/groupStatus.ts';
import type { Monitor, MonitorStatus } from './monitor/monitor.ts';
import type { MonitorOptions } from './monitor/monitorOptions.ts';
import type { Notifier } from './notifier/notifier.ts';
import type { BatchNotifierOptions, Deliver, DeliverBatch, NotifierOptions } from './notifier/notifierOptions.ts';
import type { RunService } from './service/runScope.ts';
import type { Service } from './service/service.ts';
import type { ServiceOptions } from './service/serviceOptions.ts';
import type { ReserveOptions } from './session/reserveOptions.ts';
import type { Refusal, Reservation } from './session/session.ts';
import type { Phase } from './supervisor/phase.ts';
import type { SupervisorOptions } from './supervisor/supervisorOptions.ts';
import type { SupervisorSnapshot } from './supervisor/supervisorSnapshot.ts';

/** Three separate answers, as Kubernetes asks for them. Monitors say which of them they are required for. */
export type Planes = Readonly<Record<Plane, boolean>> & {
  /** Every monitor that is required for it has been judged once. Stays true. */
  readonly started: boolean;
  /** Work may be sent here: running, started, and what is required for it is `healthy`, `degraded` or `paused`. */
  readonly ready: boolean;
  /** The process should be left alive: nothing that is required for it is `unhealthy` or `error`, or it is draining. */
  readonly live: boolean;
};

/** Figures of one moment. Plain and serialisable. */
export type SupervisorStats = Planes & {
  readonly phase: Phase;
  readonly health: Health;
  readonly monitors: { readonly total: number; readonly byHealth: Readonly<Record<Health, number>> };
  /** Checks that run, and checks that wait for their turn. */
  readonly checks: { readonly underWay: number; readonly queued: number };
  readonly services: { readonly total: number };
  readonly notifiers: { readonly open: number };
  /** `taken` counts the open sessions and the reservations not yet opened. */
  readonly sessions: { readonly open: number; readonly taken: number };
  readonly lost: LossCounts;
};

/**
 * The owner of all monitors, services, notifiers and sessions of one program.
 *
 * Every method returns at once; what it sets going happens in actors. Callbacks given to a supervisor run
 * outside of its transitions, and what they throw stays with them.
 */
export interface Supervisor extends AsyncDisposable {
  readonly name: string;
  /** Phase of its life. */
  readonly phase: Phase;
  /** The worst health among the monitors that are required for `ready`; `stopped` once a drain has said that the whole is going. */
  readonly health: Health;
  /** The present health of the whole, then each change, then completion at the end. */
  readonly health$: Observable<Health>;
  /**
   * Everything that happens from now on, with its reason; completes at the end. What an observer throws reaches
   * no other observer; RxJS reports it as it reports all such errors, through `config.onUnhandledError`.
   */
  readonly events$: Observable<SupervisorEvent>;
  /**
   * As {@link Supervisor.events$}, without the checks that passed: those are most of all events, and cost nothing while
   * nobody listens to all.
   */
  readonly notable$: Observable<SupervisorEvent>;
  readonly planes: Planes;

  /**
   * Aborts when a drain or a stop has begun, with a {@link NotAdmittingError}: who takes clients in takes no more then.
   * Its listeners run soon after {@link Supervisor.phase} has changed.
   *
   * @example
   * ```ts
   * import { createServer } from 'node:net';
   * import { createSupervisor } from '@watchkeeper/core';
   *
   * const keeper = createSupervisor();
   * createServer().listen({ port: 0, signal: keeper.draining });
   * ```
   */
  readonly draining: AbortSignal;

  /**
   * Lets the monitors begin, and the services in the order of what they depend on. Calling it again does nothing (INV-75).
   * Once a drain or a stop has begun it does nothing either, throws nothing, and is the event `start.ignored`: a SIGTERM
   * during boot is no crash. Where monitors or services wait for it a second in vain, that is the event `start.missing`.
   * @throws {@link InvalidOptionError} when the services could not be stopped within the deadline of a drain.
   */
  start(): void;
  /** Whether {@link Supervisor.start} was called only once a drain or a stop had begun, and so did nothing. */
  readonly startIgnored: boolean;
  /**
   * Resolves when all that `started` waits for is judged and ready, when `startDeadlineMs` is over, or when a drain or a stop
   * begins before. Never rejects.
   */
  readonly started: Promise<StartReport>;

  /**
   * Watches a target. The first check begins at once, or when the supervisor starts.
   *
   * @throws {@link InvalidOptionError} for an id, probe or option that breaks its rule.
   * @throws {@link UnknownIdError} when it depends on a monitor that does not run.
   * @throws {@link CycleError} when it would depend on itself, directly or through others.
   * @throws {@link DuplicateIdError} when a monitor with this id runs.
   * @throws {@link NotAdmittingError} when the supervisor drains or has stopped.
   * @example
   * ```ts
   * import { createSupervisor, defineProbe } from '@watchkeeper/core';
   *
   * const keeper = createSupervisor();
   * const disk = keeper.monitor('disk', defineProbe('disk', async () => ({ status: 'pass' })), { intervalMs: 5_000 });
   * disk.health$.subscribe((health) => console.log(health));
   * keeper.start();
   * ```
   */
  monitor(id: string, probe: Probe, options?: MonitorOptions): Monitor;
  /**
   * Watches monitors as one: its health derives from theirs, at once when one of them changes. It is a monitor like any
   * other, may itself be a member, and alerts at its first failure. A paused member counts as
   * what is assumed of it, one that ended does not; while nothing can be said of the rest, it is `starting` (INV-72). With `of: { tag }` its members are all that have this tag,
   * as they come and go (INV-112).
   *
   * @throws {@link InvalidOptionError} for an id, member list, need or option that breaks its rule.
   * @throws {@link UnknownIdError} when a member, or what it depends on, does not run.
   * @throws {@link CycleError} when it would rest on itself, directly or through others.
   * @throws {@link DuplicateIdError} when a monitor with this id runs.
   * @throws {@link NotAdmittingError} when the supervisor drains or has stopped.
   * @example
   * ```ts
   * import { createSupervisor, defineProbe } from '@watchkeeper/core';
   *
   * const keeper = createSupervisor();
   * for (const id of ['east', 'west', 'north']) {
   *   keeper.monitor(id, defineProbe(id, async () => ({ status: 'pass' })), { requiredFor: [] });
   * }
   * const replicas = keeper.composite('replicas', { of: ['east', 'west', 'north'], need: 2 });
   * replicas.health$.subscribe((health) => console.log(health));
   * keeper.start();
   * ```
   */
  composite(id: string, composition: Composition, options?: CompositeOptions): Monitor;
  /**
   * Runs something of the program's own: it is begun once what it depends on is ready, begun again when it fails, and
   * stopped in order by a drain, after the last client has left and before what it depends on. Monitors, composites and
   * services share one set of ids.
   *
   * @param run called once a run, outside of every transition. It goes on until it is done, broken or told to stop.
   * @throws {@link InvalidOptionError} for an id, function or option that breaks its rule, and when the services could
   * not be stopped within the deadline of a drain.
   * @throws {@link UnknownIdError} when it depends on something that does not run.
   * @throws {@link CycleError} when it would depend on itself, directly or through others.
   * @throws {@link DuplicateIdError} when a service or monitor with this id runs.
   * @throws {@link NotAdmittingError} when the supervisor drains or has stopped.
   * @example
   * ```ts
   * import { createServer } from 'node:http';
   * import { once } from 'node:events';
   * import { createSupervisor } from '@watchkeeper/core';
   *
   * const keeper = createSupervisor();
   * keeper.service('web', async ({ signal, ready }) => {
   *   const server = createServer((_request, response) => void response.end('ok')).listen(0);
   *   await once(server, 'listening');
   *   ready();
   *   if (!signal.aborted) await once(signal, 'abort');
   *   server.close();
   * });
   * keeper.start();
   * ```
   */
  service(id: string, run: RunService, options?: ServiceOptions): Service;
  /** Returns the service with this id, while it runs and after it has failed. */
  serviceOf(id: string): Service | undefined;
  /** Returns the status of every service that runs or has failed. */
  services(): readonly ServiceStatus[];
  /** Returns the monitor with this id, while it runs. */
  monitorOf(id: string): Monitor | undefined;
  /**
   * Returns several monitors as one: a composite by its id, or else all that have a tag; a monitor that is no composite is a
   * group of its own. `undefined` where nothing has this name (INV-113).
   *
   * @param need how many of the members must be good; left out, it is as the composite says, and all of a tag.
   * @throws {@link InvalidOptionError} when `name` or `need` breaks its rule.
   * @example
   * ```ts
   * import { createSupervisor, defineProbe } from '@watchkeeper/core';
   *
   * const keeper = createSupervisor();
   * keeper.monitor('card', defineProbe('card', async () => ({ status: 'pass' })), { tags: ['payments'] });
   * keeper.start();
   * console.log(keeper.groupOf('payments', 'any')?.health);
   * ```
   */
  groupOf(name: string, need?: Composition['need']): GroupStatus | undefined;
  /** Returns the status of every monitor. */
  statuses(): readonly MonitorStatus[];

  /**
   * Tells one client of every change, the present state first (INV-8). A second client with the same key
   * replaces the first, which closes with `replaced`. With the option `batch`, several changes are handed over in one call,
   * in an array that all are given who have read as far.
   *
   * @throws {@link InvalidOptionError} for a key, function or option that breaks its rule.
   * @throws {@link NotAdmittingError} when the supervisor has stopped; while it drains, the client is told to go.
   */
  notifier(key: string, deliver: DeliverBatch, options: BatchNotifierOptions): Notifier;
  notifier(key: string, deliver: Deliver, options?: NotifierOptions): Notifier;

  /**
   * Takes a slot before anything is made for a client, or says why not. Asks {@link SupervisorOptions.admit} last.
   * @throws {@link InvalidOptionError} when `peer` is given and is no non-empty string, and for the first option that
   * breaks its rule.
   */
  reserve(peer?: string, options?: ReserveOptions): Reservation | Refusal;

  /**
   * Counts a client that an adapter turned away by itself, for its origin or its manners, and publishes that as an event.
   * @throws {@link InvalidOptionError} when a part of `refusal` is no non-empty string.
   */
  noteRefusal(refusal: ClientRefusal): void;

  /**
   * Counts something that must always hold and did not, and publishes that as an event: a defect, of this program or of
   * the watch that found it. `watchLaws` of `@watchkeeper/telemetry` calls it.
   * @throws {@link InvalidOptionError} when a part of `violation` is no non-empty string.
   */
  noteViolation(violation: LawViolation): void;

  /**
   * Sends a notice to every notifier and returns at once; no client waits for another (INV-1).
   * @throws {@link InvalidOptionError} when `notice` is none.
   */
  broadcast(notice: NoticeDraft): void;

  /**
   * Returns a snapshot of every monitor, for {@link SupervisorOptions.resume} of a later program. Plain and serialisable.
   * Once a drain or a stop has stopped the monitors, it is the one of the moment before.
   *
   * @example
   * ```ts
   * import { createSupervisor, type SupervisorSnapshot } from '@watchkeeper/core';
   *
   * const before = createSupervisor();
   * const written = JSON.stringify(before.snapshot());
   * const after = createSupervisor({ resume: JSON.parse(written) as SupervisorSnapshot, resumeMaxAgeMs: 60_000 });
   * ```
   */
  snapshot(): SupervisorSnapshot;

  /** Returns figures of this moment, without visiting each actor. */
  stats(): SupervisorStats;
  /**
   * Returns the age of the oldest change that some client which reads has not been told, in milliseconds; 0 when all were
   * told everything. A client that is stalled does not read. It visits each client.
   */
  stalenessMs(): number;
  /** Returns every actor as it is now, the supervisor first. */
  actors(): Iterable<ActorView>;
  /**
   * Returns a function that returns the changes of the actors since its last call: at first all of them. It costs nothing between calls, and needs no end.
   */
  watchActors(): () => ActorChanges;
  /**
   * Calls `observer` for every event that one actor handles, with full detail, until the returned function is called. Only this actor pays for it; one observer at a time, and the latest counts.
   *
   * The observer must not throw (it is cut off when it does) and must not call the supervisor. What it sees may
   * hold secrets of the program.
   *
   * @param actorId as {@link ActorView.actorId}; an unknown one is never heard of.
   */
  observe(actorId: string, observer: TransitionObserver): () => void;
  /**
   * Returns one actor as it is now with its context, in constant time; `undefined` when there is none. The context is to
   * be read only, may hold secrets of the program, and is no part of what versions promise.
   *
   * @param id as {@link ActorView.id}; of the supervisor any.
   */
  peek(kind: ActorView['kind'], id: string): ActorPeek | undefined;
  /**
   * Returns what an actor goes by, in words that versions keep: limits, notices, times; `undefined` when there is none.
   * It may hold text of the program.
   *
   * @param id as {@link ActorView.id}; of the supervisor any.
   */
  describe<TKind extends ActorView['kind']>(kind: TKind, id: string): ActorDescriptions[TKind] | undefined;
  /**
   * Returns which states and transitions of the chart of a kind were ever taken by any actor of this process. Exact, and free: it
   * is read from the tables that the actors run by.
   */
  coverage(kind: ActorView['kind']): Coverage;
  /**
   * Calls `observer` with every event, snapshot and new actor, as XState's own `inspect` does, until the returned function
   * is called.
   * Every actor pays for it on every event: for tools of XState, and for short looks. What `observer` throws stays with it.
   *
   * @example
   * ```ts
   * import { createSupervisor } from '@watchkeeper/core';
   *
   * const keeper = createSupervisor();
   * const leave = keeper.inspect(({ type, rootId }) => console.log(type, rootId));
   * keeper.start();
   * leave();
   * ```
   */
  inspect(observer: (event: InspectionEvent) => void): () => void;

  /**
   * Takes no more work, tells everybody, gives them time, then ends everything. Memoised: every caller, of
   * {@link Supervisor.stop} too, gets the same report, and the options of the first call count (INV-34).
   *
   * @throws {@link InvalidOptionError} for the first option that breaks its rule.
   */
  drain(options?: DrainOptions): Promise<DrainReport>;
  /**
   * Keeps a drain from ending early until the returned function is called: for a listener, behind which clients may wait
   * of whom nobody knows yet. It is waited for as a client is, for no longer than the grace and `closeTimeoutMs`, and is
   * told nothing.
   *
   * @param name stands in {@link DrainReport.unfinished} where the drain had to end before.
   * @returns a function that may be called more than once, and does nothing once the supervisor has stopped.
   * @throws {@link InvalidOptionError} when `name` is no non-empty string.
   * @example
   * ```ts
   * import { createServer } from 'node:net';
   * import { createSupervisor } from '@watchkeeper/core';
   *
   * const keeper = createSupervisor();
   * const server = createServer().listen(0);
   * const release = keeper.holdDrain('listener');
   * server.once('close', release);
   * keeper.draining.addEventListener('abort', () => server.close());
   * ```
   */
  holdDrain(name: string): () => void;
  /** Ends everything now; a drain under way is cut short. */
  stop(): Promise<DrainReport>;
}
