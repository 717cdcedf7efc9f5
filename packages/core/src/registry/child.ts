import type { AnyActorRef } from 'xstate';

/** One child of a registry. It outlives its actor: a restart puts a new actor in the place of the old. */
export class Child<TActor extends AnyActorRef = AnyActorRef, TInput = unknown> {
  /** The name it goes by. */
  readonly id: string;
  /** Its actor's id in the system, the same for every actor it has. */
  readonly actorId: string;
  /** What it was made of, where a restart needs that. */
  readonly input: TInput | undefined;
  actor: TActor;
  /** Restarts since it last ran well. */
  attempts = 0;
  restartedAt: number | undefined;
  /** Waits for its next actor to begin, while it has none that runs. */
  restartTimer: unknown;
  #waiting: ((next: TActor | undefined) => void)[] | undefined;

  constructor(id: string, actorId: string, input: TInput | undefined, actor: TActor) {
    this.id = id;
    this.actorId = actorId;
    this.input = input;
    this.actor = actor;
  }

  /** Calls back once, with the actor that comes in the place of a crashed one, or with nothing when none will. */
  whenReplaced(callback: (next: TActor | undefined) => void): void {
    if (this.restartTimer === undefined) callback(undefined);
    else {
      this.#waiting ??= [];
      this.#waiting.push(callback);
    }
  }

  /** Tells those who wait for the next actor, in this class's registry only. */
  tellReplaced(next: TActor | undefined): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const callback of waiting) callback(next);
  }
}
