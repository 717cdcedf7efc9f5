import type { DirectedGraph } from '../aggregate/directedGraph.ts';
import { isReady } from '../model/health.ts';
import { type Restartable, RestartHistory } from '../registry/restartHistory.ts';
import type { RestartLimit } from '../registry/restartPolicy.ts';
import type { StopCost } from './serviceBudget.ts';
import type { ServiceChild } from './serviceMachine.ts';
import type { ResolvedServiceOptions } from './serviceOptions.ts';
import { StopPlan } from './stopPlan.ts';

/** The part of the health index that services need. */
interface Healths {
  healthOf(id: string): Parameters<typeof isReady>[0] | undefined;
}

/** One service as its supervisor knows it: what its own actor cannot know. */
export class ServiceEntry implements Restartable {
  readonly id: string;
  readonly child: ServiceChild;
  readonly options: ResolvedServiceOptions;
  readonly history: RestartHistory;
  readonly past = { attempts: 0, restartedAt: undefined as number | undefined };
  #waitedMs = 0;
  #waitsSince: number | undefined;

  constructor(child: ServiceChild, options: ResolvedServiceOptions, history: RestartHistory) {
    this.id = child.id;
    this.child = child;
    this.options = options;
    this.history = history;
  }

  waitedMs(now: number): number {
    return this.#waitedMs + now - (this.#waitsSince ?? now);
  }

  /** Its run is over. */
  noteEnded(now: number): void {
    this.#waitsSince ??= now;
  }

  /** Its next run begins. */
  noteBegun(now: number): void {
    if (this.#waitsSince === undefined) return;
    this.#waitedMs += now - this.#waitsSince;
    this.#waitsSince = undefined;
    this.past.restartedAt = now;
  }
}

/** The services of one supervisor, and the order among them. */
export class ServiceTable {
  readonly #entries = new Map<string, ServiceEntry>();
  /** Those that are done for ever: what depends on them may begin. */
  readonly #done = new Set<string>();
  /** Required for `started`, and never ready so far. */
  readonly #unready = new Set<string>();
  readonly #dependencies: DirectedGraph;
  readonly #healths: Healths;
  readonly #limit: RestartLimit;
  #plans: StopPlan[] = [];
  #isClosed = false;

  constructor(dependencies: DirectedGraph, healths: Healths, limit: RestartLimit) {
    this.#dependencies = dependencies;
    this.#healths = healths;
    this.#limit = limit;
  }

  add(child: ServiceChild, options: ResolvedServiceOptions): void {
    this.#done.delete(child.id);
    this.#entries.set(child.id, new ServiceEntry(child, options, new RestartHistory(this.#limit)));
    if (options.requiredFor.includes('started')) this.#unready.add(child.id);
  }

  /** The service with this id, while it runs and after it has failed. */
  get(id: string): ServiceEntry | undefined {
    return this.#entries.get(id);
  }

  /** Every service that has not ended for good. */
  get live(): readonly ServiceEntry[] {
    return [...this.#entries.values()].filter(({ child }) => child.actor.getSnapshot().status === 'active');
  }

  /** Ids of all services that are known: those that run, and those that have failed. */
  get ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** What stopping each service may take. */
  get stopCosts(): readonly StopCost[] {
    return Array.from(this.#entries.values(), ({ id, options }) => ({ id, ...options }));
  }

  /** Whether a service with this id runs. */
  isLive(id: string): boolean {
    return this.#entries.get(id)?.child.actor.getSnapshot().status === 'active';
  }

  isDone(id: string): boolean {
    return this.#done.has(id);
  }

  /** Whether every service that is required for `started` was ready once. */
  get wasEachReady(): boolean {
    return this.#unready.size === 0;
  }

  /** Those that `started` waits for. */
  get unready(): readonly string[] {
    return [...this.#unready];
  }

  noteReady(id: string): void {
    this.#unready.delete(id);
  }

  noteDone(id: string): void {
    this.#done.add(id);
  }

  /** Whether a service is to be stopped by a plan under way. */
  isPlanned(id: string): boolean {
    return this.#plans.some((plan) => plan.has(id));
  }

  /** Removes a service that nobody waits for any more. */
  forget(id: string): void {
    this.#entries.delete(id);
    this.#unready.delete(id);
  }

  /** Lets no service begin any more. */
  close(): void {
    this.#isClosed = true;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether all that a service depends on is ready, healthy or done, and nobody drains (INV-81, INV-86). */
  readonly mayBegin = (id: string): boolean => !this.#isClosed && this.waitsFor(id).length === 0;

  /** What a service depends on that is not ready. */
  waitsFor(id: string): readonly string[] {
    return this.#dependencies.dependenciesOf(id).filter((other) => {
      const health = this.#healths.healthOf(other);
      if (this.#done.has(other)) return false;
      return health === undefined || !isReady(health) || this.isPlanned(other);
    });
  }

  /** Plans the end of services, those that rest on others first. A plan for all overtakes every other. */
  plan(ids: Iterable<string>): StopPlan {
    const plan = new StopPlan(ids, (id) => this.#dependencies.dependenciesOf(id));
    this.#plans = this.#isClosed ? [plan] : [...this.#plans, plan];
    return plan;
  }

  /** A service, and all that rest on it. */
  restingOn(id: string): readonly string[] {
    return [id, ...this.#dependencies.allDependentsOf(id).filter((other) => this.#entries.has(other))];
  }

  /** The plans under way. */
  get plans(): readonly StopPlan[] {
    return this.#plans;
  }

  noteDown(id: string): void {
    for (const plan of this.#plans) plan.noteDown(id);
    this.#plans = this.#plans.filter((plan) => !plan.isOver);
  }
}
