import type { AnyActorRef, AnyEventObject } from 'xstate';

/** A delayed event that is armed. */
export interface Timer {
  /** The id it can be cancelled by; `after` uses the type of its event. */
  readonly id: string | undefined;
  readonly delayMs: number;
  readonly eventType: string;
}

/** A transition that was taken, as an observer sees it. */
export interface ObservedTransition {
  /** Id of the state that declares it. */
  readonly source: string;
  /** Ids of the states it names as targets; none: it stays where it is. */
  readonly targets: readonly string[];
  /** The event descriptor it is declared for; empty for `always`. */
  readonly eventType: string;
  readonly reenter: boolean;
}

/** A guard that was evaluated in the search for a transition. */
export interface ObservedGuard {
  /** Its name, or `(inline)`. */
  readonly guard: string;
  readonly transition: ObservedTransition;
  readonly passed: boolean;
}

/** An action that was executed. */
export interface ObservedAction {
  /** Its name; built-in actions are called `xstate.raise`, `xstate.sendTo` and so on. */
  readonly type: string;
  readonly params: unknown;
}

/** One macrostep of a compiled actor: all that an event set off. */
export interface Observation {
  readonly actor: AnyActorRef;
  /** The event received. */
  readonly event: AnyEventObject;
  /** The events the actor raised for itself meanwhile, in the order in which it processed them. */
  readonly raised: readonly AnyEventObject[];
  readonly transitions: readonly ObservedTransition[];
  readonly guards: readonly ObservedGuard[];
  readonly actions: readonly ObservedAction[];
  /** Delayed events that are armed at the end of the macrostep. */
  readonly timers: readonly Timer[];
  /** What the macrostep threw; unset when it ended well. */
  readonly failure?: { readonly error: unknown };
}

/** Called with every event a watched actor processes. Must not send events to the actor it watches. */
export type TransitionObserver = (observation: Observation) => void;

/**
 * The state of watching one actor: a dirty bit, and the observer where full detail is wanted.
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
  /** Set by every event the actor processes; the reader clears it. */
  dirty = false;
  /** How often an observer threw. It is removed when it does. */
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

/** Collects what one macrostep does, for the observer of its actor. */
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

  /** The observation of the whole macrostep, given what is armed at its end. */
  observation(
    actor: AnyActorRef,
    event: AnyEventObject,
    timers: readonly Timer[],
    failure?: { error: unknown },
  ): Observation {
    return {
      actor,
      event,
      raised: this.#raised,
      transitions: this.#transitions,
      guards: this.#guards,
      actions: this.#actions,
      timers,
      ...(failure === undefined ? {} : { failure }),
    };
  }
}
