import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ShownActor } from '../protocol/shownActor.ts';
import type { Countdown, Step } from '../protocol/step.ts';
import { countdownsOf, stepOf } from './stepOfObservation.ts';

/** Steps that are kept of a followed actor. */
export const stepsKept = 64;

/** Recorded steps of one actor. */
export type RecordedSteps = {
  /** Active states before the first step, where they are known. */
  readonly from: Step['value'] | undefined;
  readonly steps: readonly Step[];
  readonly countdowns: readonly Countdown[];
};

type FollowedActor = {
  watchers: number;
  seq: number;
  from: Step['value'] | undefined;
  steps: Step[];
  countdowns: readonly Countdown[];
  stop: () => void;
};

type ActorIdentity = Pick<ShownActor, 'actorId' | 'kind' | 'id'>;

/** Records each step of the actors that somebody watches, once for each actor however many watch it. */
export class StepRecorder {
  readonly #supervisor: Pick<InspectedSupervisor, 'observe' | 'peek'>;
  readonly #now: () => number;
  readonly #followed = new Map<string, FollowedActor>();
  readonly #onStep: (view: ActorIdentity) => void;

  /** @param onStep called with each step of any followed actor. */
  constructor(
    supervisor: Pick<InspectedSupervisor, 'observe' | 'peek'>,
    now: () => number,
    onStep: (view: ActorIdentity) => void = () => {},
  ) {
    this.#supervisor = supervisor;
    this.#now = now;
    this.#onStep = onStep;
  }

  /** Begins to follow an actor; returns a function that ends it. */
  follow(view: ActorIdentity): () => void {
    const { actorId, kind, id } = view;
    const known = this.#followed.get(actorId);
    const from = this.#supervisor.peek?.(kind, id)?.value;
    const followed: FollowedActor = known ?? { watchers: 0, seq: 0, from, steps: [], countdowns: [], stop: () => {} };
    followed.watchers += 1;
    if (known === undefined) {
      this.#followed.set(actorId, followed);
      followed.stop = this.#supervisor.observe(actorId, (observed) => {
        const at = this.#now();
        followed.seq += 1;
        followed.steps.push(stepOf(observed, followed.seq, at));
        if (followed.steps.length > stepsKept) followed.from = followed.steps.shift()?.value;
        followed.countdowns = countdownsOf(observed, followed.countdowns, at);
        this.#onStep(view);
      });
    }
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      followed.watchers -= 1;
      if (followed.watchers > 0) return;
      followed.stop();
      this.#followed.delete(actorId);
    };
  }

  /** Returns the recorded steps of a followed actor. */
  of(actorId: string): RecordedSteps | undefined {
    return this.#followed.get(actorId);
  }
}
