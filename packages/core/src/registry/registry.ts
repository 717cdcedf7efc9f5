import type {
  AnyActorLogic,
  AnyActorRef,
  DoneActorEvent,
  ErrorActorEvent,
  InputFrom,
  OutputFrom,
  Snapshot,
} from 'xstate';
import { createLeanActor } from '../actor/createLeanActor.ts';
import { NotAdmittingError } from '../errors.ts';
import { objectWith, requireOption, text } from '../rules.ts';
import { drawSafely } from '../runtime/random.ts';
import { hasEnded, stop, stopChildren, tellParentError, whenEnded } from '../xstate/actorInternals.ts';
import { shutsDown } from './autoShutdown.ts';
import { backoffMs } from './backoff.ts';
import { Child } from './child.ts';
import { ChildIndex } from './childIndex.ts';
import { type ChildSpec, type ResolvedChildSpec, resolveChildSpec } from './childSpec.ts';
import { endChild } from './endChild.ts';
import type { ActorOf, ChildOf, Ended } from './ended.ts';
import { PendingRestarts } from './pendingRestarts.ts';
import { type RegistryOptions, type ResolvedRegistryOptions, resolveRegistryOptions } from './registryOptions.ts';
import { RestartHistory } from './restartHistory.ts';
import { shouldRestart } from './restartPolicy.ts';
import type { Shutdown } from './shutdown.ts';

const parentRule = objectWith<AnyActorRef>('send', 'getSnapshot');

/**
 * The children of one kind, kept outside the snapshot of their parent. Each is added, removed and found in constant
 * time; one that ends is forgotten or restarted, and one that throws harms neither parent nor siblings. When the parent
 * ends, its children are stopped, the last added first.
 *
 * The parent must pass every `xstate.done.actor.*` and `xstate.error.actor.*` event to {@link Registry.childEnded}.
 *
 * @example
 * ```ts
 * import { Registry, systemClock } from '@watchkeeper/core';
 * import { fromPromise, setup } from 'xstate';
 *
 * const job = fromPromise(async () => 'finished');
 * const jobs = new Registry({ kind: 'job', logic: job, clock: systemClock(), restart: 'transient' });
 * export const foreman = setup({
 *   actions: {
 *     hire: ({ self }) => void jobs.add('first', undefined, self).actor.start(),
 *     childEnded: ({ event }) => void jobs.childEnded(event as never),
 *   },
 * }).createMachine({
 *   entry: 'hire',
 *   on: { 'xstate.done.actor.*': { actions: 'childEnded' }, 'xstate.error.actor.*': { actions: 'childEnded' } },
 * });
 * ```
 */
export class Registry<TLogic extends AnyActorLogic> {
  readonly #options: ResolvedRegistryOptions<TLogic, ChildOf<TLogic>>;
  /** The spec of the children that have none of their own. */
  readonly #spec: ResolvedChildSpec;
  readonly #children = new ChildIndex<ChildOf<TLogic>>();
  readonly #parents = new WeakSet<AnyActorRef>();
  readonly #history: RestartHistory;
  readonly #restarts: PendingRestarts<ChildOf<TLogic>>;
  #escalated = false;
  #serial = 0;
  #phase: 'running' | 'draining' | 'stopped' = 'running';
  #finished: Promise<readonly string[]> = Promise.resolve([]);

  /** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
  constructor(options: RegistryOptions<TLogic, ChildOf<TLogic>>) {
    this.#options = resolveRegistryOptions(options);
    this.#spec = { restart: this.#options.restart, shutdown: undefined, significant: false };
    this.#history = new RestartHistory(this.#options.limit);
    this.#restarts = new PendingRestarts({
      clock: this.#options.clock,
      end: (child) => this.#endForRestart(child),
      start: (child) => this.#startAgain(child),
    });
  }

  /** Number of children, including those that wait for a restart or are terminated. */
  get size(): number {
    return this.#children.size;
  }

  /** Whether a child was ever escalated. */
  get escalated(): boolean {
    return this.#escalated;
  }

  /**
   * Adds a child, whose actor is not started. An older child with the same id is no longer found by it.
   *
   * @throws {@link InvalidOptionError} for the first option of `spec` that breaks its rule.
   * @throws {@link NotAdmittingError} once the registry is shutting down, or when the parent has ended.
   */
  add(id: string, input: InputFrom<TLogic>, parent: AnyActorRef, spec?: ChildSpec): ChildOf<TLogic> {
    requireOption('child.id', text, id);
    requireOption('child.parent', parentRule, parent);
    const { kind, autoShutdown, inputOnRestart } = this.#options;
    const phase = hasEnded(parent) ? 'stopped' : this.#phase;
    if (phase !== 'running') throw new NotAdmittingError(`${kind} ${JSON.stringify(id)}`, phase);
    const ownSpec = spec === undefined ? this.#spec : resolveChildSpec(spec, this.#spec, autoShutdown);
    this.#serial += 1;
    // Joined, it is one flat string; a template keeps its parts.
    const actorId = [kind, id, this.#serial].join(':');
    const keptInput = ownSpec.restart === 'temporary' || inputOnRestart !== undefined ? undefined : input;
    const actor = this.#createActor(actorId, input, parent);
    const child: ChildOf<TLogic> = new Child(id, actorId, keptInput, ownSpec, actor);
    this.#children.add(child);
    this.#watchParent(parent);
    return child;
  }

  /** The last child added with this id, unless it has ended. */
  get(id: string): ChildOf<TLogic> | undefined {
    return this.#children.named(id);
  }

  /** Every child, in the order of adding. */
  [Symbol.iterator](): Iterator<ChildOf<TLogic>> {
    return this.#children.all();
  }

  /** The child whose actor has this id, unless it has ended. */
  childOf(actorId: string): ChildOf<TLogic> | undefined {
    return this.#children.withActor(actorId);
  }

  /** Rules out a restart of a child that is about to end. */
  retire(child: ChildOf<TLogic>): void {
    this.#children.retire(child);
  }

  /**
   * Forgets, restarts or escalates a child whose actor ended.
   *
   * @returns unset when the event is not about a child of this registry.
   */
  childEnded(event: DoneActorEvent<unknown> | ErrorActorEvent): Ended<TLogic> | undefined {
    const child = this.#children.withActor(event.actorId);
    if (child === undefined) return undefined;
    const { clock, backoff, random, autoShutdown } = this.#options;
    if ('error' in event) stopChildren(child.actor);
    // The event is about a child of this registry, so its output is that of the registry's logic.
    const end = 'error' in event ? { error: event.error } : { output: event.output as OutputFrom<TLogic> };
    if (this.#phase !== 'running' || this.#children.isRetired(child)) {
      this.forget(child);
      return { child, end, fate: 'forgotten' };
    }
    if (child.isTerminated || child.isRestarting) return { child, end, fate: 'kept' };
    if (!shouldRestart(child.spec.restart, 'error' in end ? 'failed' : 'done')) {
      this.forget(child);
      if (!shutsDown(autoShutdown, child, this.#children.all())) return { child, end, fate: 'forgotten' };
      return { child, end, fate: 'shutdown', finished: this.shutdown() };
    }
    const now = clock.now();
    const decision = this.#history.decide(child, now);
    if (!decision.allowed) {
      this.#escalated = true;
      this.forget(child);
      return { child, end, fate: 'escalated', restarts: decision.restarts.length };
    }
    const attempt = this.#history.countAttempt(child, now);
    const delayMs = backoffMs(backoff, attempt, drawSafely(random));
    this.#restarts.begin(this.#children.restartedWith(child, this.#options.strategy), delayMs);
    return { child, end, fate: 'restarting', delayMs, attempt };
  }

  /** Removes a child, and cancels its restart if it waits for one. A later child with its id is not touched (INV-6). */
  forget(child: ChildOf<TLogic>): void {
    this.#restarts.cancel(child);
    this.#children.remove(child);
  }

  /**
   * Ends a child, as Erlang/OTP's `terminate_child`: asks it, and stops it by force in the end. It is kept for
   * {@link Registry.restartChild}, unless it is temporary; until then no sibling's crash restarts it.
   */
  async terminateChild(id: string): Promise<'ok' | 'not_found'> {
    const child = this.#children.named(id);
    if (child === undefined) return 'not_found';
    const isTemporary = child.spec.restart === 'temporary';
    if (isTemporary) this.retire(child);
    else child.past.isTerminated = true;
    this.#restarts.cancel(child);
    await endChild(child, this.#options.shutdown, this.#options);
    if (isTemporary) this.forget(child);
    return 'ok';
  }

  /**
   * Starts a child again that was terminated, as Erlang/OTP's `restart_child`.
   *
   * @returns `'ok'`, or in which state it is instead: `'running'`, `'restarting'`, or `'not_found'`.
   * @throws what its start throws. It stays terminated then.
   */
  restartChild(id: string): 'ok' | 'running' | 'restarting' | 'not_found' {
    const child = this.#terminated(id);
    if (typeof child === 'string') return child;
    const actor = this.#createActor(child.actorId, this.#inputOf(child), child.actor._parent as AnyActorRef);
    child.actor = actor;
    actor.start();
    const { status, error }: Snapshot<unknown> = actor.getSnapshot();
    if (status === 'error') throw error;
    child.past.isTerminated = false;
    this.#options.onRestarted(child);
    return 'ok';
  }

  /**
   * Forgets a child that was terminated, as Erlang/OTP's `delete_child`.
   *
   * @returns `'ok'`, or in which state it is instead: `'running'`, `'restarting'`, or `'not_found'`.
   */
  deleteChild(id: string): 'ok' | 'running' | 'restarting' | 'not_found' {
    const child = this.#terminated(id);
    if (typeof child === 'string') return child;
    this.forget(child);
    return 'ok';
  }

  /**
   * Ends every child, the last added first, each awaited before the next. From its first call on no child is added or
   * restarted, and no end is counted or escalates; a second call returns the same promise.
   *
   * @param given how children are asked that have no shutdown of their own; by default as the registry's options say.
   * @returns the ids of those that took longer than `shutdownMs` and were stopped by force.
   */
  shutdown(given: Shutdown | undefined = this.#options.shutdown): Promise<readonly string[]> {
    if (this.#phase === 'running') {
      this.#phase = 'draining';
      this.#finished = this.#endAll(given);
    }
    return this.#finished;
  }

  async #endAll(given: Shutdown | undefined): Promise<readonly string[]> {
    const forced: string[] = [];
    const children = [...this.#children.all()];
    for (const child of children) this.#restarts.cancel(child);
    for (const child of children.reverse()) {
      if ((await endChild(child, given, this.#options)) === false) forced.push(child.id);
      this.forget(child);
    }
    this.#phase = 'stopped';
    return forced;
  }

  #terminated(id: string): ChildOf<TLogic> | 'running' | 'restarting' | 'not_found' {
    const child = this.#children.named(id);
    if (child === undefined) return 'not_found';
    if (child.isRestarting) return 'restarting';
    return child.isTerminated && hasEnded(child.actor) ? child : 'running';
  }

  #createActor(actorId: string, input: InputFrom<TLogic>, parent: AnyActorRef): ActorOf<TLogic> {
    return createLeanActor(this.#options.logic, { id: actorId, input, parent }) as ActorOf<TLogic>;
  }

  #inputOf(child: ChildOf<TLogic>): InputFrom<TLogic> {
    const { inputOnRestart } = this.#options;
    return inputOnRestart === undefined ? (child.input as InputFrom<TLogic>) : inputOnRestart(child);
  }

  /** Ends a sibling of a crashed child. A temporary one is not restarted, as in Erlang/OTP. */
  #endForRestart(child: ChildOf<TLogic>): Promise<unknown> | undefined {
    if (child.spec.restart !== 'temporary') return endChild(child, this.#options.shutdown, this.#options);
    this.#restarts.cancel(child);
    this.retire(child);
    const ending = endChild(child, this.#options.shutdown, this.#options)?.then(() => this.forget(child));
    if (ending === undefined) this.forget(child);
    return ending;
  }

  #startAgain(child: ChildOf<TLogic>): void {
    let input: InputFrom<TLogic>;
    try {
      input = this.#inputOf(child);
    } catch (error) {
      tellParentError(child.actor, error);
      return;
    }
    child.past.restartedAt = this.#options.clock.now();
    child.actor = this.#createActor(child.actorId, input, child.actor._parent as AnyActorRef);
    child.actor.start();
    const { status }: Snapshot<unknown> = child.actor.getSnapshot();
    // A failed start was sent to the parent, as a crash is.
    if (status === 'error') return;
    child.tellReplaced(child.actor);
    this.#options.onRestarted(child);
  }

  #watchParent(parent: AnyActorRef): void {
    if (this.#parents.has(parent)) return;
    this.#parents.add(parent);
    whenEnded(parent, () => {
      for (const child of this.#children.ofParent(parent)) {
        this.forget(child);
        stop(child.actor);
      }
    });
  }
}
