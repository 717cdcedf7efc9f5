import type { AnyActorRef } from 'xstate';

/** A child of a registry. It outlives its actor: a restart replaces the actor. */
export class Child<TActor extends AnyActorRef = AnyActorRef, TInput = unknown> {
  /** Its id in the registry. */
  readonly id: string;
  /** Its actor's id in the system, the same for every actor it has. */
  readonly actorId: string;
  /** Its first input, where a restart needs it. */
  readonly input: TInput | undefined;
  actor: TActor;
  /** Restarts since it last ran for longer than the period of the restart limit. */
  attempts = 0;
  restartedAt: number | undefined;
  /** Timer of its restart, while it waits for one. */
  restartTimer: unknown;
  #waiting: ((next: TActor | undefined) => void)[] | undefined;

  constructor(id: string, actorId: string, input: TInput | undefined, actor: TActor) {
    this.id = id;
    this.actorId = actorId;
    this.input = input;
    this.actor = actor;
  }

  /** Calls back once, with the actor that replaces a crashed one, or with `undefined` when none will. */
  whenReplaced(callback: (next: TActor | undefined) => void): void {
    if (this.restartTimer === undefined) callback(undefined);
    else {
      this.#waiting ??= [];
      this.#waiting.push(callback);
    }
  }

  /** Calls the callbacks of {@link Child.whenReplaced}. For the registry of this child only. */
  tellReplaced(next: TActor | undefined): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const callback of waiting) callback(next);
  }
}
