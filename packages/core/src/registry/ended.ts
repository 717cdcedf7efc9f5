import type { AnyActorLogic, EmittedFrom, EventFromLogic, InputFrom, OutputFrom, SnapshotFrom } from 'xstate';
import type { LeanActor } from '../actor/leanActor.ts';
import type { Child } from './child.ts';

/** The lean actor that runs a logic. */
export type ActorOf<TLogic extends AnyActorLogic> = LeanActor<
  SnapshotFrom<TLogic>,
  EventFromLogic<TLogic>,
  EmittedFrom<TLogic>
>;

/** The child of a registry whose children run a logic. */
export type ChildOf<TLogic extends AnyActorLogic> = Child<ActorOf<TLogic>, InputFrom<TLogic>>;

/** The end of a child, and what follows from it. */
export type Ended<TLogic extends AnyActorLogic> = {
  readonly child: ChildOf<TLogic>;
  /** Its output, or what it threw. */
  readonly end: { readonly output: OutputFrom<TLogic> } | { readonly error: unknown };
} & (
  | { readonly fate: 'forgotten' }
  /** It was asked to end, for a sibling's restart or by `terminateChild`: nothing is counted. */
  | { readonly fate: 'kept' }
  /** It is restarted after `delayMs`, and with it the siblings that the strategy names. */
  | { readonly fate: 'restarting'; readonly delayMs: number; readonly attempt: number }
  /** Its restart would have been one too many: it is forgotten, and its owner should give up or escalate in turn. */
  | { readonly fate: 'escalated'; readonly restarts: number }
  /** It was significant: it is forgotten, and the registry shuts down, as `shutdown` does. */
  | { readonly fate: 'shutdown'; readonly finished: Promise<readonly string[]> }
);
