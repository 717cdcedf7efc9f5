import type { AnyActorRef } from 'xstate';
import type { ResolvedChildSpec } from './childSpec.ts';

/** A child of a registry. It outlives its actor: a restart replaces the actor. */
export class Child<TActor extends AnyActorRef = AnyActorRef, TInput = unknown> {
  /** Its id in the registry. */
  readonly id: string;
  /** Its actor's id in the system, the same for every actor it has. */
  readonly actorId: string;
  /** Its first input, where a restart needs it. */
  readonly input: TInput | undefined;
  /** Its restart type and shutdown. Children with no spec of their own share one. */
  readonly spec: ResolvedChildSpec;
  actor: TActor;
  /** Unset until it is restarted, terminated or asked to end: of a hundred thousand children few ever are. */
  #past: Past | undefined;
  /** `never`, so that a child of some actor is one of any actor. */
  #waiting: ((next: never) => void)[] | undefined;

  constructor(id: string, actorId: string, input: TInput | undefined, spec: ResolvedChildSpec, actor: TActor) {
    this.id = id;
    this.actorId = actorId;
    this.input = input;
    this.spec = spec;
    this.actor = actor;
  }

  /** Restarts since it last ran for longer than the period of the restart limit. */
  get attempts(): number {
    return this.#past?.attempts ?? 0;
  }

  /** Whether it waits for a restart, or ends for one. */
  get isRestarting(): boolean {
    return this.#past?.waitsSince !== undefined;
  }

  /** Whether it was terminated, and waits for `restartChild` or `deleteChild`. */
  get isTerminated(): boolean {
    return this.#past?.isTerminated ?? false;
  }

  /**
   * What a registry keeps of this child. For the registry only.
   * @internal
   */
  get past(): Past {
    this.#past ??= {
      attempts: 0,
      restartedAt: undefined,
      waitedMs: 0,
      waitsSince: undefined,
      ending: undefined,
      isTerminated: false,
    };
    return this.#past;
  }

  /** Milliseconds that it has waited for restarts. */
  waitedMs(now: number): number {
    const { waitedMs = 0, waitsSince = now } = this.#past ?? {};
    return waitedMs + now - waitsSince;
  }

  /** Calls back once, with the actor that replaces an ended one, or with `undefined` when none will. */
  whenReplaced(callback: (next: TActor | undefined) => void): void {
    if (!this.isRestarting) callback(undefined);
    else {
      this.#waiting ??= [];
      this.#waiting.push(callback);
    }
  }

  /** Calls the callbacks of {@link Child.whenReplaced}. For the registry of this child only. */
  tellReplaced(next: TActor | undefined): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const callback of waiting) callback(next as never);
  }
}

/** Restarts and endings of one child. */
export interface Past {
  attempts: number;
  restartedAt: number | undefined;
  /** Milliseconds of the waits that are over. */
  waitedMs: number;
  /** Set while it is restarting. */
  waitsSince: number | undefined;
  /** Its end, while it is asked to end: true when it ends by itself in time. */
  ending: Promise<boolean> | undefined;
  isTerminated: boolean;
}
