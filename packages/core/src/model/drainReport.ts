import type { CloseReason } from './closeReason.ts';

/** The steps of a drain, in their order (INV-27). */
export const drainPhases = [
  'withdraw',
  'quiesce',
  'notice',
  'lag',
  'goaway',
  'grace',
  'force',
  'services',
  'join',
] as const;

export type DrainPhase = (typeof drainPhases)[number];

/** How a drain went. `sessions.early + sessions.forced` is `sessions.total`, and so of services (INV-103). */
export type DrainReport = {
  readonly sessions: {
    /** Sessions there were when the drain began, and those born into it. */
    readonly total: number;
    /** Ended by themselves before force. */
    readonly early: number;
    /** Closed by force. */
    readonly forced: number;
    /** Admitted while the drain was already running; also counted as early or forced. */
    readonly stragglers: number;
  };
  /** How many of the sessions ended for each reason, where any did. */
  readonly reasons: Readonly<Partial<Record<CloseReason, number>>>;
  readonly notifiers: {
    /** Had the goaway delivered. */
    readonly told: number;
    /** Ended without it: gone, failed or too slow. */
    readonly evicted: number;
  };
  readonly services: {
    /** Services there were when the drain began. */
    readonly total: number;
    /** Ended as they should, or were done. */
    readonly stopped: number;
    /** Had less time than their own, or had not ended when they were no longer waited for. */
    readonly forced: number;
    /** Ended with an error. */
    readonly failed: number;
  };
  readonly durationMs: number;
  /** `deadline` and `aborted` say what cut the drain short, `failed` that the supervisor itself had failed. */
  readonly reason: 'drained' | 'deadline' | 'aborted' | 'failed';
  /** What had not ended when the drain did, by kind and id: `session 12`, `withdraw`. */
  readonly unfinished: readonly string[];
};
