import type { DrainPhase, DrainReport } from '@watchkeeper/core';

/** Progress of a drain. */
export type DrainProgress = {
  readonly type: 'drain';
  readonly phase: DrainPhase | 'ended';
  readonly startedAt: number;
  /** When it entered the phase. */
  readonly enteredAt: number;
  /** Phases so far, each with the time it began. */
  readonly phases: readonly (readonly [phase: DrainPhase, at: number])[];
  /** Time at which the phase ends at the latest, and time at which the remaining clients are forced; missing where not known. */
  readonly phaseEndsAt?: number;
  readonly forceAt?: number;
  /** Sessions and notifiers at the start, and those started since. */
  readonly total: number;
  readonly ended: number;
  readonly forced: number;
  readonly report?: DrainReport;
};

/** Progress of a broadcast: a notice to all notifiers. */
export type BroadcastProgress = {
  readonly type: 'broadcast';
  readonly words: string;
  readonly at: number;
  readonly notifiers: number;
  /** Notices dropped, failed or stalled since it was sent. */
  readonly lost: number;
  /** Number of notifiers that were told, and how long that took; set once every notifier is done. */
  readonly converged?: { readonly told: number; readonly tookMs: number };
  /** Topic and sequence number of the notice; missing for a goaway. */
  readonly topic?: string;
  readonly seq?: number;
};

/** A longer operation of the supervisor. */
export type Operation = DrainProgress | BroadcastProgress;
