import type { DrainPhase, DrainReport } from '@watchkeeper/core';

/** A drain, as far as it has come. */
export type DrainProgress = {
  readonly type: 'drain';
  readonly phase: DrainPhase | 'ended';
  readonly startedAt: number;
  /** When it entered the phase. */
  readonly enteredAt: number;
  /** The phases so far, with when each began. */
  readonly phases: readonly (readonly [phase: DrainPhase, at: number])[];
  /** When the phase ends by itself at the latest, and when whoever is left is forced; missing where it is not known. */
  readonly phaseEndsAt?: number;
  readonly forceAt?: number;
  /** Sessions and notifiers there were, and those born since. */
  readonly total: number;
  readonly ended: number;
  readonly forced: number;
  readonly report?: DrainReport;
};

/** A notice to everybody, and what became of it. */
export type BroadcastProgress = {
  readonly type: 'broadcast';
  readonly words: string;
  readonly at: number;
  readonly notifiers: number;
  /** Clients that lost it: dropped, failed or stalled since it was sent. */
  readonly lost: number;
  /** How many had it, and how long that took, once nobody has it before them any more. */
  readonly converged?: { readonly told: number; readonly tookMs: number };
  /** Which notice of which topic it is; of a goaway nothing. */
  readonly topic?: string;
  readonly seq?: number;
};

/** What the program does that takes a while. */
export type Operation = DrainProgress | BroadcastProgress;
