import type { SupervisorEvent } from '@watchkeeper/core';
import type { ShownActor } from './shownActor.ts';

/** Sender or receiver of a journal entry. */
export type Participant = 'target' | 'monitor' | 'supervisor' | 'notifier' | 'session' | 'service' | 'client';

/** One event of one actor, already without secrets. */
export type JournalEntry = {
  /** Grows by one with every entry of the inspector. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly type: SupervisorEvent['type'];
  /** Short text of what happened. */
  readonly words: string;
  readonly from: Participant;
  readonly to: Participant;
  /** Whether something was lost by it. */
  readonly isLoss: boolean;
  readonly latencyMs?: number;
  /** Active states of the actor right after the event; missing where they are not known. */
  readonly value?: ShownActor['value'];
};
