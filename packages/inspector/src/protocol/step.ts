import type { ShownActor } from './shownActor.ts';

/** A transition that was taken, as the chart names it. */
export type TakenEdge = { readonly from: string; readonly to?: string; readonly on: string; readonly guard?: string };

/** One event that an actor handled, without its payload. */
export type Step = {
  /** Grows by one with every step of the actor that is seen. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Type of the event as the actor received it. */
  readonly type: string;
  readonly taken: readonly TakenEdge[];
  /** Guards that were evaluated, in order, each with its result. */
  readonly asked: readonly (readonly [guard: string, passed: boolean])[];
  /** Types of the events it raised for itself meanwhile. */
  readonly raised: readonly string[];
  /** The active states afterwards. */
  readonly value: ShownActor['value'];
};

/** A delayed transition that is scheduled. */
export type Countdown = {
  readonly state: string;
  readonly delay: string;
  readonly delayMs: number;
  readonly dueAt: number;
};
