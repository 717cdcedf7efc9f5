import type { AnyActorRef, AnyEventObject } from 'xstate';
import { ASIDE, type AsideHolder, armedTimers, asideOf, type Timer } from './timers.ts';

/** A transition as an observer sees it. */
export interface ObservedTransition {
  /** Id of the state that declares it. */
  readonly source: string;
  /** Ids of the states it names as targets; none: it stays where it is. */
  readonly targets: readonly string[];
  /** The event descriptor it answers to; empty for `always`. */
  readonly eventType: string;
  readonly reenter: boolean;
}

/** A guard that was asked while looking for a transition. */
export interface ObservedGuard {
  /** Its name, or `(inline)`. */
  readonly guard: string;
  readonly transition: ObservedTransition;
  readonly passed: boolean;
}

export interface ObservedAction {
  /** Its name; built-in actions are called `xstate.raise`, `xstate.sendTo` and so on. */
  readonly type: string;
  readonly params: unknown;
}

/** One event answered by one compiled actor, from arrival until the chart was at rest. */
export interface Observation {
  readonly actor: AnyActorRef;
  /** The event received. */
  readonly event: AnyEventObject;
  /** The events the actor raised for itself meanwhile, in the order in which it answered them. */
  readonly raised: readonly AnyEventObject[];
  readonly transitions: readonly ObservedTransition[];
  readonly guards: readonly ObservedGuard[];
  readonly actions: readonly ObservedAction[];
  /** Delayed events that are still to come, as of the end of the step. */
  readonly timers: readonly Timer[];
  /** What the step threw; unset when it ended well. */
  readonly failure?: { readonly error: unknown };
}

/** Told of every event a watched actor answers. Must not send events to the actor it watches. */
export type TransitionObserver = (observation: Observation) => void;

/**
 * What is kept for a looked-at actor: a dirty bit, and the observer where full detail is wanted.
 *
 * @example
 * ```ts
 * import { compile, watchTransitions } from '@watchkeeper/core';
 * import { createActor, createMachine } from 'xstate';
 *
 * const lamp = compile(createMachine({ initial: 'off', states: { off: { on: { press: 'on' } }, on: {} } }));
 * const actor = createActor(lamp);
 * const slot = watchTransitions(actor, ({ event, transitions }) => console.log(event.type, transitions));
 * actor.start().send({ type: 'press' });
 * console.log(slot.dirty); // true
 * ```
 */
export class ObservationSlot {
  /** Set by every event the actor answers; the reader clears it. */
  dirty = false;
  /** How often an observer threw. It is cut off when it does. */
  failures = 0;
  observer: TransitionObserver | undefined;

  constructor(observer: TransitionObserver | undefined) {
    this.observer = observer;
  }

  deliver(observation: Observation): void {
    try {
      this.observer?.(observation);
    } catch {
      this.failures++;
      this.observer = undefined;
    }
  }
}

/**
 * Looks at a compiled actor: sets its dirty bit on every event, and calls `observer`, if given, with full detail.
 *
 * One slot stands for one actor; a second call replaces the observer and answers the same slot.
 */
export function watchTransitions(actor: AnyActorRef, observer?: TransitionObserver): ObservationSlot {
  const aside = asideOf(actor as AsideHolder);
  aside.observation ??= new ObservationSlot(undefined);
  aside.observation.observer = observer;
  return aside.observation;
}

/** Stops looking at an actor: its events cost nothing again. */
export function unwatchTransitions(actor: AnyActorRef): void {
  const aside = (actor as AsideHolder)[ASIDE];
  if (aside !== undefined) aside.observation = undefined;
}

/** Looks at a compiled actor with full detail until the answer is called; a later observer is left alone by that. */
export function watchUntil(actor: AnyActorRef, observer: TransitionObserver): () => void {
  const slot = watchTransitions(actor, observer);
  return () => {
    if (slot.observer === observer) unwatchTransitions(actor);
  };
}

/** Notes what one step does, for the observer of its actor. */
export class Recording {
  readonly #transitions: ObservedTransition[] = [];
  readonly #guards: ObservedGuard[] = [];
  readonly #actions: ObservedAction[] = [];
  readonly #raised: AnyEventObject[] = [];

  raised(event: AnyEventObject): void {
    this.#raised.push(event);
  }

  transition(transition: ObservedTransition): void {
    this.#transitions.push(transition);
  }

  guard(guard: string | undefined, transition: ObservedTransition, passed: boolean): void {
    this.#guards.push({ guard: guard ?? '(inline)', transition, passed });
  }

  action(type: string, params: unknown): void {
    this.#actions.push({ type, params });
  }

  observation(actor: AnyActorRef, event: AnyEventObject, failure?: { error: unknown }): Observation {
    const aside = (actor as AsideHolder)[ASIDE];
    const timers = aside === undefined ? [] : armedTimers(aside);
    return {
      actor,
      event,
      raised: this.#raised,
      transitions: this.#transitions,
      guards: this.#guards,
      actions: this.#actions,
      timers: timers.map(({ id, delayMs, eventType }) => ({ id, delayMs, eventType })),
      ...(failure === undefined ? {} : { failure }),
    };
  }
}
