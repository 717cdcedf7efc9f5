import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { SeenActor } from '../protocol/shownActor.ts';
import type { Countdown, Step } from '../protocol/step.ts';
import { countdownsOf, stepOf } from './step.ts';

/** How many steps of an actor are kept while it is looked at. */
export const stepsKept = 64;

/** What is seen of one actor, step by step. */
export type Closeup = {
  /** The active states before the first of the steps, where they are known. */
  readonly from: Step['value'] | undefined;
  readonly steps: readonly Step[];
  readonly countdowns: readonly Countdown[];
};

type OpenCloseup = {
  watchers: number;
  seq: number;
  from: Step['value'] | undefined;
  steps: Step[];
  countdowns: readonly Countdown[];
  stop: () => void;
};

type FollowedView = Pick<SeenActor, 'actorId' | 'kind' | 'id'>;

/** Follows each step of the actors somebody looks at, once for each actor however many look. */
export class Closeups {
  readonly #keeper: Pick<InspectedSupervisor, 'observe' | 'peek'>;
  readonly #now: () => number;
  readonly #open = new Map<string, OpenCloseup>();
  readonly #onStep: (view: FollowedView) => void;

  /** @param onStep hears of each step of any actor that is followed. */
  constructor(
    keeper: Pick<InspectedSupervisor, 'observe' | 'peek'>,
    now: () => number,
    onStep: (view: FollowedView) => void = () => {},
  ) {
    this.#keeper = keeper;
    this.#now = now;
    this.#onStep = onStep;
  }

  /** Begins to follow an actor, until the function that is answered is called. */
  open(view: FollowedView): () => void {
    const { actorId, kind, id } = view;
    const known = this.#open.get(actorId);
    const from = this.#keeper.peek?.(kind, id)?.value;
    const closeup: OpenCloseup = known ?? { watchers: 0, seq: 0, from, steps: [], countdowns: [], stop: () => {} };
    closeup.watchers += 1;
    if (known === undefined) {
      this.#open.set(actorId, closeup);
      closeup.stop = this.#keeper.observe(actorId, (observed) => {
        const at = this.#now();
        closeup.seq += 1;
        closeup.steps.push(stepOf(observed, closeup.seq, at));
        if (closeup.steps.length > stepsKept) closeup.from = closeup.steps.shift()?.value;
        closeup.countdowns = countdownsOf(observed, closeup.countdowns, at);
        this.#onStep(view);
      });
    }
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      closeup.watchers -= 1;
      if (closeup.watchers > 0) return;
      closeup.stop();
      this.#open.delete(actorId);
    };
  }

  /** What was seen of an actor that is followed. */
  of(actorId: string): Closeup | undefined {
    return this.#open.get(actorId);
  }
}
