import type { Observable } from 'rxjs';
import type { InspectionEvent } from 'xstate';
import { type Composition, needRule, resolveComposition } from './aggregate/composition.ts';
import { HealthIndex } from './aggregate/healthIndex.ts';
import { MonitorGraph } from './aggregate/monitorGraph.ts';
import { guardedClock } from './clock/guardedClock.ts';
import { systemClock } from './clock/systemClock.ts';
import type { Coverage } from './compile/coverage.ts';
import type { TransitionObserver } from './compile/perActor/observation.ts';
import { type DrainOptions, resolveDrainOptions } from './drain/drainOptions.ts';
import { onAbort } from './drain/onAbort.ts';
import { suspectOptions } from './drain/suspectOptions.ts';
import { DuplicateIdError, NotAdmittingError } from './errors.ts';
import { EventStream } from './events/eventStream.ts';
import type { SupervisorEvent } from './events/events.ts';
import type { SuspectOption } from './events/startEvents.ts';
import type { ActorChanges } from './inspect/actorChanges.ts';
import type { ActorDescriptions } from './inspect/actorDescription.ts';
import type { ActorPeek, ActorView } from './inspect/actorView.ts';
import { Introspection } from './inspect/introspection.ts';
import { type ClientRefusal, requireRefusal } from './model/clientRefusal.ts';
import type { DrainReport } from './model/drainReport.ts';
import type { Health } from './model/health.ts';
import { type LawViolation, requireViolation } from './model/lawViolation.ts';
import { checkedNotice, type NoticeDraft } from './model/notice.ts';
import { type Probe, probeRule } from './model/probe.ts';
import type { ServiceStatus } from './model/service.ts';
import type { StartReport } from './model/startReport.ts';
import { CheckLimiter } from './monitor/checkLimiter.ts';
import { type CompositeOptions, resolveCompositeOptions } from './monitor/compositeOptions.ts';
import type { GroupStatus } from './monitor/groupStatus.ts';
import type { Monitor, MonitorStatus } from './monitor/monitor.ts';
import { type MonitorOptions, SharedOptions } from './monitor/monitorOptions.ts';
import { Convergence } from './notifier/convergence.ts';
import type { Notifier } from './notifier/notifier.ts';
import { NotifierHandle } from './notifier/notifierHandle.ts';
import {
  type BatchNotifierOptions,
  type Deliver,
  type DeliverBatch,
  deliverRule,
  type NotifierOptions,
  resolveNotifierOptions,
} from './notifier/notifierOptions.ts';
import { stalenessMs } from './notifier/staleness.ts';
import { optional, requireOption, text } from './rules.ts';
import { changesOf } from './runtime/observable.ts';
import { createRunQueue } from './runtime/runQueue.ts';
import { stallsOf } from './runtime/systemStalls.ts';
import { Turns } from './runtime/turns.ts';
import type { RunService } from './service/runScope.ts';
import type { Service } from './service/service.ts';
import type { ServiceOptions } from './service/serviceOptions.ts';
import { ServiceTable } from './service/serviceTable.ts';
import { Admission } from './session/admission.ts';
import { type ReserveOptions, reserveDefaultsOf } from './session/reserveOptions.ts';
import type { Refusal, Reservation } from './session/session.ts';
import type { CompiledCharts } from './supervisor/charts.ts';
import { Children, requireAdded } from './supervisor/children.ts';
import { groupOf } from './supervisor/groupOf.ts';
import { MonitorHandles } from './supervisor/monitorHandles.ts';
import { type Phase, phaseOf } from './supervisor/phase.ts';
import { Reservations } from './supervisor/reservations.ts';
import { createRoot, type RootActor } from './supervisor/rootActor.ts';
import { ServiceHandles } from './supervisor/serviceHandles.ts';
import { StartReminder } from './supervisor/startReminder.ts';
import type { SupervisorCommand } from './supervisor/supervisorContext.ts';
import type { ResolvedSupervisorOptions } from './supervisor/supervisorOptions.ts';
import type { SupervisorSnapshot } from './supervisor/supervisorSnapshot.ts';
import type { Planes, Supervisor, SupervisorStats } from './supervisor.ts';

/** Public handle of one supervisor actor. */
export class SupervisorHandle implements Supervisor {
  readonly name: string;
  readonly events$: Observable<SupervisorEvent>;
  readonly notable$: Observable<SupervisorEvent>;
  readonly #options: ResolvedSupervisorOptions;
  readonly #children: Children;
  readonly #healthIndex = new HealthIndex();
  readonly #graph = new MonitorGraph(this.#healthIndex);
  readonly #limiter: CheckLimiter;
  readonly #stream: EventStream;
  readonly #admission: Admission;
  readonly #actor: RootActor;
  readonly #monitors: MonitorHandles;
  readonly #reservations: Reservations;
  readonly #services: ServiceHandles;
  readonly started: Promise<StartReport>;
  readonly #ended: Promise<DrainReport>;
  readonly #introspection: Introspection;
  readonly #monitorOptions: SharedOptions;
  readonly #startReminder: StartReminder;
  #suspects: readonly SuspectOption[];
  #startIgnored = false;

  constructor(charts: CompiledCharts, given: ResolvedSupervisorOptions) {
    const fail = (cause: unknown) => {
      if (this.#actor === undefined) queueMicrotask(() => fail(cause));
      else this.#actor.send({ type: 'clock.failed', cause });
    };
    const options = { ...given, clock: guardedClock(given.clock, fail) };
    this.name = options.name;
    this.#options = options;
    this.#monitorOptions = new SharedOptions(options.monitor);
    this.#limiter = new CheckLimiter(options);
    // Whatever gets here is a defect of ours, since foreign code is caught where it is called: do not hide it.
    const onError = (cause: unknown) => void setTimeout(() => Promise.reject(cause), 0);
    const { clock, random } = options;
    const runQueue = createRunQueue({ onError, partsPerSlice: clock.partsPerSlice });
    this.#admission = new Admission(options, runQueue);
    this.#stream = new EventStream(clock, runQueue);
    this.events$ = this.#stream.events$;
    this.notable$ = this.#stream.notable$;
    const onRestarted = (id: string) => this.#stream.publish({ type: 'actor.restarted', id });
    this.#children = new Children({ charts, options, onRestarted });
    const serviceTable = new ServiceTable(this.#graph.dependencies, this.#healthIndex, options.services);
    const input = {
      options,
      runtime: {
        clock,
        random,
        runQueue,
        stalls: stallsOf(clock),
        turns: new Turns(clock.partsPerSlice === undefined),
      },
      children: this.#children,
      admission: this.#admission,
      convergence: new Convergence(clock, this.#stream.publish),
      isObserved: () => this.#stream.isObserved,
      healthIndex: this.#healthIndex,
      limiter: this.#limiter,
      graph: this.#graph,
      serviceTable,
      captureMonitors: () => this.#monitors.captureLast(clock.now()),
      publish: this.#stream.publish,
    };
    this.#startReminder = new StartReminder(clock, () => this.#remindOfStart());
    this.#suspects = [...suspectOptions('supervisor', options), ...suspectOptions('supervisor.drain', options.drain)];
    const onEnd = () => {
      this.#startReminder.end();
      this.#stream.complete();
    };
    const { actor, ended, started } = createRoot(charts.supervisor, input, onEnd);
    this.started = started;
    // However a drain begins, also by a failure of the clock, nobody waits for the start any more.
    void started.then(() => this.#startReminder.end());
    this.#actor = actor;
    this.#ended = ended;
    this.#reservations = new Reservations({
      admission: this.#admission,
      admit: options.admit,
      random,
      defaults: reserveDefaultsOf(options),
      sessions: this.#children.sessions,
      phase: () => this.phase,
      send: (command) => this.#actor.send(command),
      publish: this.#stream.publish,
    });
    this.#monitors = new MonitorHandles(this.#children, {
      runQueue,
      graph: this.#graph,
      updateLater: (actorId) => this.#actor.send({ type: 'amend', actorId }),
      end: (actorId) => this.#actor.send({ type: 'unwatch', actorId }),
    });
    this.#services = new ServiceHandles({
      table: serviceTable,
      graph: this.#graph,
      runQueue,
      defaults: options.service,
      times: { ...options, ...options.drain },
      phase: () => this.phase,
      isMonitor: (id) => this.#children.monitors.get(id) !== undefined,
      send: (command) => this.#actor.send(command),
    });
    this.#introspection = new Introspection({
      charts,
      children: this.#children,
      graph: this.#graph,
      root: this.#actor,
      handleOf: (child) => this.#monitors.of(child),
      supervisor: () => ({ id: this.name, health: this.health }),
    });
    if (options.inspect !== undefined) this.#introspection.inspect(options.inspect);
    this.#actor.start();
  }

  get phase(): Phase {
    return phaseOf(this.#actor.getSnapshot());
  }

  get health(): Health {
    const { status, context } = this.#actor.getSnapshot();
    return status !== 'active' || context.withdrawn ? 'stopped' : this.#healthIndex.overall;
  }

  get health$(): Observable<Health> {
    return changesOf(() => this.health, this.events$);
  }

  get draining(): AbortSignal {
    return this.#admission.closed;
  }

  get planes(): Planes {
    const { phase } = this;
    const { started } = this.#actor.getSnapshot().context;
    const { ready, live } = this.#healthIndex;
    return {
      started,
      ready: phase === 'running' && started && ready,
      // Whoever is on the way out is not killed for what it has let go of.
      live: phase === 'draining' || (phase !== 'stopped' && live),
    };
  }

  start(): void {
    const { phase } = this;
    if (phase === 'draining' || phase === 'stopped') {
      this.#startIgnored = true;
      this.#stream.publish({ type: 'start.ignored', phase });
      return;
    }
    if (phase === 'idle') this.#services.requireStopTime();
    this.#startReminder.end();
    this.#tellSuspects();
    this.#actor.send({ type: 'start' });
  }

  get startIgnored(): boolean {
    return this.#startIgnored;
  }

  monitor(id: string, probe: Probe, given?: MonitorOptions): Monitor {
    requireOption('monitor.id', text, id);
    requireOption('monitor.probe', probeRule, probe);
    const options = this.#monitorOptions.resolve(given);
    this.#requireAdmitting();
    this.#graph.assertCanRequire('monitor.dependsOn', id, options.dependsOn, options.tags);
    return this.#watch({ type: 'watch', id, probe, options });
  }

  composite(id: string, given: Composition, givenOptions?: CompositeOptions): Monitor {
    requireOption('composite.id', text, id);
    const { options, panicThreshold } = resolveCompositeOptions(givenOptions);
    const composition = { ...resolveComposition(given), panicThreshold };
    const { dependsOn, tags } = options;
    this.#requireAdmitting();
    this.#graph.assertCanRequire('composite.of', id, this.#graph.composites.resolve(composition, id, tags), tags);
    this.#graph.assertCanRequire('composite.dependsOn', id, dependsOn, tags);
    const probe = this.#graph.composites.probeOf(composition);
    return this.#watch({ type: 'watch', id, probe, options, composition });
  }

  service(id: string, run: RunService, options?: ServiceOptions): Service {
    const service = this.#services.add(id, run, options);
    this.#expectStart();
    return service;
  }

  serviceOf(id: string): Service | undefined {
    return this.#services.get(id);
  }

  services(): readonly ServiceStatus[] {
    return this.#services.all.map(({ status }) => status);
  }

  monitorOf(id: string): Monitor | undefined {
    return this.#monitors.get(id);
  }

  groupOf(name: string, need?: Composition['need']): GroupStatus | undefined {
    requireOption('group.name', text, name);
    requireOption('group.need', optional(needRule), need);
    const { composites } = this.#graph;
    const monitorOf = (id: string) => this.monitorOf(id);
    return groupOf({ composites, healthIndex: this.#healthIndex, monitorOf }, name, need);
  }

  statuses(): readonly MonitorStatus[] {
    return this.#monitors.statuses;
  }

  snapshot(): SupervisorSnapshot {
    return this.#monitors.snapshot(this.#options.clock.now());
  }

  notifier(key: string, deliver: Deliver | DeliverBatch, given?: NotifierOptions | BatchNotifierOptions): Notifier {
    requireOption('notifier.key', text, key);
    requireOption('notifier.deliver', deliverRule, deliver);
    const options = resolveNotifierOptions(given, this.#options.notifier);
    if (this.phase === 'stopped') throw new NotAdmittingError('a notifier', 'stopped');
    this.#actor.send({ type: 'notify', key, deliver, options });
    return new NotifierHandle(requireAdded('a notifier', this.#children.notifiers.get(key), this.phase).actor);
  }

  reserve(peer?: string, options?: ReserveOptions): Reservation | Refusal {
    return this.#reservations.reserve(peer, options);
  }

  noteRefusal(refusal: ClientRefusal): void {
    requireRefusal(refusal);
    this.#stream.publish({ type: 'client.refused', ...refusal });
  }

  noteViolation(violation: LawViolation): void {
    requireViolation(violation);
    this.#stream.publish({ type: 'law.violated', ...violation });
  }

  broadcast(notice: NoticeDraft): void {
    this.#actor.send({ type: 'broadcast', notice: checkedNotice(notice) });
  }

  stats(): SupervisorStats {
    return {
      phase: this.phase,
      health: this.health,
      monitors: { total: this.#children.monitors.size, byHealth: this.#healthIndex.counts() },
      checks: { underWay: this.#limiter.running, queued: this.#limiter.queued },
      services: { total: this.#children.services.size },
      notifiers: { open: this.#children.notifiers.size },
      sessions: { open: this.#children.sessions.size, taken: this.#admission.taken },
      lost: this.#stream.counts,
      ...this.planes, // last: an object that begins as a copy of another takes many times as long to fill
    };
  }

  stalenessMs(): number {
    return stalenessMs(this.#children.notifiers, this.#options.clock.now());
  }

  actors(): Iterable<ActorView> {
    return this.#introspection.all();
  }

  watchActors(): () => ActorChanges {
    return this.#introspection.watch();
  }

  observe(actorId: string, observer: TransitionObserver): () => void {
    return this.#introspection.observe(actorId, observer);
  }

  coverage(kind: ActorView['kind']): Coverage {
    return this.#introspection.coverage(kind);
  }

  peek(kind: ActorView['kind'], id: string): ActorPeek | undefined {
    return this.#introspection.peek(kind, id);
  }

  describe<TKind extends ActorView['kind']>(kind: TKind, id: string): ActorDescriptions[TKind] | undefined {
    return this.#introspection.describe(kind, id);
  }

  inspect(observer: (event: InspectionEvent) => void): () => void {
    return this.#introspection.inspect(observer);
  }

  drain(given?: DrainOptions): Promise<DrainReport> {
    const options = resolveDrainOptions(given, this.#options.drain);
    const { phase } = this;
    if (phase === 'draining' || phase === 'stopped') return this.#ended;
    this.#startReminder.end();
    this.#tellSuspects(given);
    const abort = () => this.#actor.send({ type: 'abort' });
    const aborted = options.signal !== undefined && onAbort(options.signal, abort, this.#ended);
    this.#actor.send({ type: 'drain', options });
    if (aborted) abort();
    return this.#ended;
  }

  holdDrain(name: string): () => void {
    requireOption('holdDrain.name', text, name);
    const hold = { name };
    this.#actor.send({ type: 'hold', hold });
    return () => this.#actor.send({ type: 'hold.released', hold });
  }

  stop(): Promise<DrainReport> {
    this.#startReminder.end();
    if (this.phase !== 'stopped') this.#actor.send({ type: 'stop' });
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Comes before any question of what a monitor rests on, which says nothing once all of them end. */
  #requireAdmitting(): void {
    const { phase } = this;
    if (phase === 'draining' || phase === 'stopped') throw new NotAdmittingError('a monitor', phase);
  }

  /** Something was made that begins with the start. */
  #expectStart(): void {
    if (this.phase === 'idle') this.#startReminder.arm();
  }

  #remindOfStart(): boolean {
    const { monitors, services } = this.#children;
    if (this.phase !== 'idle' || monitors.size + services.size === 0) return false;
    this.#stream.publish({ type: 'start.missing', monitors: monitors.size, services: services.size });
    return true;
  }

  /** Tells of options that read as seconds, once. On another clock than the system's, small numbers are no mistake. */
  #tellSuspects(drain: DrainOptions = {}): void {
    const suspects = [...this.#suspects, ...suspectOptions('drain', drain)];
    this.#suspects = [];
    if (this.#options.clock !== systemClock()) return;
    for (const suspect of suspects) this.#stream.publish({ type: 'option.suspect', ...suspect });
  }

  #watch(command: Extract<SupervisorCommand, { type: 'watch' }>): Monitor {
    const isTaken =
      this.#children.monitors.get(command.id) !== undefined || this.#services.get(command.id) !== undefined;
    if (isTaken) throw new DuplicateIdError(command.id);
    this.#actor.send(command);
    const monitor = requireAdded('a monitor', this.#monitors.get(command.id), this.phase);
    this.#expectStart();
    return monitor;
  }
}
