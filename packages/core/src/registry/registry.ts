import type {
  AnyActorLogic,
  AnyActorRef,
  DoneActorEvent,
  EmittedFrom,
  ErrorActorEvent,
  EventFromLogic,
  InputFrom,
  OutputFrom,
  SnapshotFrom,
} from 'xstate';
import { createLeanActor } from '../actor/createLeanActor.ts';
import type { LeanActor } from '../actor/leanActor.ts';
import type { Clock } from '../clock/clock.ts';
import { drawSafely } from '../runtime/random.ts';
import { stop, stopChildren } from '../xstate/actorInternals.ts';
import { type Backoff, backoffDefaults, backoffMs } from './backoff.ts';
import { Child } from './child.ts';
import {
  decideRestart,
  type Restart,
  type RestartLimit,
  restartLimitDefaults,
  type Strategy,
  shouldRestart,
} from './restartPolicy.ts';
import { type Shutdown, shutDown } from './shutdown.ts';

/** The lean actor that runs a logic. */
export type ActorOf<TLogic extends AnyActorLogic> = LeanActor<
  SnapshotFrom<TLogic>,
  EventFromLogic<TLogic>,
  EmittedFrom<TLogic>
>;

/** The child of a registry whose children run a logic. */
export type ChildOf<TLogic extends AnyActorLogic> = Child<ActorOf<TLogic>, InputFrom<TLogic>>;

/** Options of a {@link Registry}. */
export interface RegistryOptions<TLogic extends AnyActorLogic> {
  /** Kind of the children, the prefix of their actor ids: `monitor` gives `monitor:api:1`. */
  readonly kind: string;
  /** The logic of every child. */
  readonly logic: TLogic;
  /** The clock of the restart delays. */
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: () => number;
  /** @default 'temporary' */
  readonly restart?: Restart;
  /** @default 'one_for_one' */
  readonly strategy?: Strategy;
  /** @default 1 restart in 5 seconds, as in Erlang/OTP */
  readonly limit?: RestartLimit;
  /** @default 1 second, doubling to 10, ±10 % */
  readonly backoff?: Backoff;
  /**
   * Returns the input of a child that is restarted. Where it is given, no child keeps its first input.
   * @default returns its first input
   */
  readonly inputOnRestart?: (child: ChildOf<TLogic>) => InputFrom<TLogic>;
  /** Called when a child runs again. */
  readonly onRestarted?: (child: ChildOf<TLogic>) => void;
}

/** The end of a child, and what follows from it. */
export type Ended<TLogic extends AnyActorLogic> = {
  readonly child: ChildOf<TLogic>;
  /** Its output, or what it threw. */
  readonly end: { readonly output: OutputFrom<TLogic> } | { readonly error: unknown };
} & (
  | { readonly fate: 'forgotten' }
  /** It is restarted after `delayMs`, and with it the siblings that the strategy names. */
  | { readonly fate: 'restarting'; readonly delayMs: number; readonly attempt: number }
  /** Its restart would have been one too many: it is forgotten, and its owner should give up or escalate in turn. */
  | { readonly fate: 'escalated'; readonly restarts: number }
);

/**
 * The children of one kind, kept outside the snapshot of their parent. Each is added, removed and found in constant
 * time; one that ends is forgotten or restarted, and one that throws harms neither parent nor siblings.
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
  readonly #options: Required<RegistryOptions<TLogic>>;
  /** By actor id, in the order of adding. */
  readonly #children = new Map<string, ChildOf<TLogic>>();
  readonly #byId = new Map<string, ChildOf<TLogic>>();
  readonly #retired = new Set<ChildOf<TLogic>>();
  readonly #keepsInput: boolean;
  #restarts: readonly number[] = [];
  #escalated = false;
  #serial = 0;

  constructor(options: RegistryOptions<TLogic>) {
    this.#options = {
      random: Math.random,
      restart: 'temporary',
      strategy: 'one_for_one',
      limit: restartLimitDefaults,
      backoff: backoffDefaults,
      inputOnRestart: ({ input }) => input as InputFrom<TLogic>,
      onRestarted: () => {},
      ...options,
    };
    this.#keepsInput = this.#options.restart !== 'temporary' && options.inputOnRestart === undefined;
  }

  /** Number of children, including those that wait for a restart. */
  get size(): number {
    return this.#children.size;
  }

  /** Whether a child was ever escalated. */
  get escalated(): boolean {
    return this.#escalated;
  }

  /** Adds a child, whose actor is not started. An older child with the same id is no longer found by it. */
  add(id: string, input: InputFrom<TLogic>, parent: AnyActorRef): ChildOf<TLogic> {
    this.#serial += 1;
    // Joined, it is one flat string; a template keeps its parts.
    const actorId = [this.#options.kind, id, this.#serial].join(':');
    const child: ChildOf<TLogic> = new Child(
      id,
      actorId,
      this.#keepsInput ? input : undefined,
      this.#createActor(actorId, input, parent),
    );
    this.#children.set(actorId, child);
    this.#byId.set(id, child);
    return child;
  }

  /** The last child added with this id, unless it has ended. */
  get(id: string): ChildOf<TLogic> | undefined {
    return this.#byId.get(id);
  }

  /** Every child, in the order of adding. */
  [Symbol.iterator](): Iterator<ChildOf<TLogic>> {
    return this.#children.values();
  }

  /** The child whose actor has this id, unless it has ended. */
  childOf(actorId: string): ChildOf<TLogic> | undefined {
    return this.#children.get(actorId);
  }

  /** Rules out a restart of a child that is about to end. */
  retire(child: ChildOf<TLogic>): void {
    this.#retired.add(child);
  }

  /**
   * Forgets, restarts or escalates a child whose actor ended.
   *
   * @returns unset when the event is not about a child of this registry.
   */
  childEnded(event: DoneActorEvent<unknown> | ErrorActorEvent): Ended<TLogic> | undefined {
    const child = this.#children.get(event.actorId);
    if (child === undefined) return undefined;
    const { restart, limit, clock, backoff, random } = this.#options;
    if ('error' in event) stopChildren(child.actor);
    // The event is about a child of this registry, so its output is that of the registry's logic.
    const end = 'error' in event ? { error: event.error } : { output: event.output as OutputFrom<TLogic> };
    if (this.#retired.has(child) || !shouldRestart(restart, 'error' in end ? 'failed' : 'done')) {
      this.forget(child);
      return { child, end, fate: 'forgotten' };
    }
    const decision = decideRestart(this.#restarts, clock.now(), limit);
    this.#restarts = decision.restarts;
    if (!decision.allowed) {
      this.#escalated = true;
      this.forget(child);
      return { child, end, fate: 'escalated', restarts: decision.restarts.length };
    }
    const ranWell = child.restartedAt !== undefined && clock.now() - child.restartedAt > limit.periodMs;
    child.attempts = ranWell ? 1 : child.attempts + 1;
    const delayMs = backoffMs(backoff, child.attempts, drawSafely(random));
    this.#restartWithSiblings(child, delayMs);
    return { child, end, fate: 'restarting', delayMs, attempt: child.attempts };
  }

  /** Removes a child, and cancels its restart if it waits for one. A later child with its id is not touched (INV-6). */
  forget(child: ChildOf<TLogic>): void {
    this.#options.clock.clearTimeout(child.restartTimer);
    child.restartTimer = undefined;
    this.#children.delete(child.actorId);
    this.#retired.delete(child);
    if (this.#byId.get(child.id) === child) this.#byId.delete(child.id);
    child.tellReplaced(undefined);
  }

  /**
   * Ends every child, the last added first, each awaited before the next.
   *
   * @returns the ids of those that took longer than `shutdownMs` and were stopped by force.
   */
  async shutdown(shutdown: Shutdown): Promise<readonly string[]> {
    const forced: string[] = [];
    for (const child of [...this.#children.values()].reverse()) {
      if (child.restartTimer === undefined && !(await shutDown(child.actor, shutdown, this.#options.clock))) {
        forced.push(child.id);
      }
      this.forget(child);
    }
    return forced;
  }

  #createActor(actorId: string, input: InputFrom<TLogic>, parent: AnyActorRef): ActorOf<TLogic> {
    return createLeanActor(this.#options.logic, { id: actorId, input, parent }) as ActorOf<TLogic>;
  }

  #restartWithSiblings(ended: ChildOf<TLogic>, delayMs: number): void {
    const { clock, strategy } = this.#options;
    const affected = this.#affectedBy(ended, strategy);
    for (const child of [...affected].reverse()) {
      if (child !== ended && child.restartTimer === undefined) stop(child.actor);
      clock.clearTimeout(child.restartTimer);
    }
    for (const child of affected) child.restartTimer = clock.setTimeout(() => this.#restart(child), delayMs);
  }

  #affectedBy(ended: ChildOf<TLogic>, strategy: Strategy): readonly ChildOf<TLogic>[] {
    if (strategy === 'one_for_one') return [ended];
    const all = [...this.#children.values()].filter((child) => !this.#retired.has(child));
    return strategy === 'one_for_all' ? all : all.slice(all.indexOf(ended));
  }

  #restart(child: ChildOf<TLogic>): void {
    const parent = child.actor._parent;
    if (parent === undefined) return;
    child.restartTimer = undefined;
    child.restartedAt = this.#options.clock.now();
    child.actor = this.#createActor(child.actorId, this.#options.inputOnRestart(child), parent);
    child.actor.start();
    child.tellReplaced(child.actor);
    this.#options.onRestarted(child);
  }
}
