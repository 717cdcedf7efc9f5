import type { SupervisorEvent } from '@watchkeeper/core';
import type { ShownActor } from './shownActor.ts';

/** Who takes part in what happened. */
export type Participant = 'target' | 'monitor' | 'supervisor' | 'notifier' | 'session' | 'client';

/** Something that happened to one actor, already without secrets. */
export type JournalEntry = {
  /** Grows by one with every entry of the inspector. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly type: SupervisorEvent['type'];
  /** What happened, in a few words. */
  readonly words: string;
  readonly from: Participant;
  readonly to: Participant;
  /** Whether somebody lost something by it. */
  readonly isLoss: boolean;
  readonly latencyMs?: number;
  /** The active states of the actor when it was written down, which is at once; missing where they are not known. */
  readonly value?: ShownActor['value'];
};
