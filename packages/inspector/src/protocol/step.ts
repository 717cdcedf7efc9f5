import type { ShownActor } from './shownActor.ts';

/** A transition that was taken, in the words of the chart. */
export type TakenEdge = { readonly from: string; readonly to?: string; readonly on: string; readonly guard?: string };

/** One event an actor answered, without what it carried. */
export type Step = {
  /** Grows by one with every step of the actor that is seen. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The type of the event, as the actor received it. */
  readonly type: string;
  readonly taken: readonly TakenEdge[];
  /** The guards that were asked, in their order, and what each answered. */
  readonly asked: readonly (readonly [guard: string, passed: boolean])[];
  /** The types of the events it raised for itself meanwhile. */
  readonly raised: readonly string[];
  /** The active states afterwards. */
  readonly value: ShownActor['value'];
};

/** A delayed transition that is to come. */
export type Countdown = {
  readonly state: string;
  readonly delay: string;
  readonly delayMs: number;
  readonly dueAt: number;
};
