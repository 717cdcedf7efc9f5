import type { InspectedKeeper } from './inspectedKeeper.ts';
import { type Countdown, countdownsOf, type Step, stepOf } from './step.ts';
import type { SeenActor } from './wire.ts';

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

/** Follows each step of the actors somebody looks at, once for each actor however many look. */
export class Closeups {
  readonly #keeper: Pick<InspectedKeeper, 'observe' | 'peek'>;
  readonly #now: () => number;
  readonly #open = new Map<string, OpenCloseup>();
  /** The names of the actors that are followed, by kind. */
  readonly #names = new Map<string, string>();

  constructor(keeper: Pick<InspectedKeeper, 'observe' | 'peek'>, now: () => number) {
    this.#keeper = keeper;
    this.#now = now;
  }

  /** Begins to follow an actor, until the function that is answered is called. */
  open({ actorId, kind, id }: Pick<SeenActor, 'actorId' | 'kind' | 'id'>): () => void {
    this.#names.set(`${kind} ${id}`, actorId);
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
      if (this.#names.get(`${kind} ${id}`) === actorId) this.#names.delete(`${kind} ${id}`);
    };
  }

  /** Whether somebody looks at the actor that goes by this name. */
  hasNamed(kind: string, id: string): boolean {
    return this.#names.size > 0 && this.#names.has(`${kind} ${id}`);
  }

  /** What was seen of an actor that is followed. */
  of(actorId: string): Closeup | undefined {
    return this.#open.get(actorId);
  }
}
