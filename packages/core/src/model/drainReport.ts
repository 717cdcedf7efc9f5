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

/** One client that did not end as it should have in a drain. */
export type DrainedClient = {
  readonly kind: 'session' | 'notifier';
  /** The session's id, or the key of the notifier. */
  readonly id: string;
  /** Of a session: who it was, as its slot was reserved for. */
  readonly peer?: string;
  /** Of a notifier: the id of the session that stands for the same client, where it was given. */
  readonly session?: string;
  /**
   * `forced`: closed before it left. `unfinished`: not even closed in time. `evicted`: a notifier that ended without the
   * goaway.
   */
  readonly fate: 'forced' | 'unfinished' | 'evicted';
  /** Why it ended. */
  readonly reason: CloseReason;
  /** When it was told to go, in epoch milliseconds; left out where it was not. */
  readonly toldAt?: number;
  /** What its connection was doing when it was closed; left out where that is not known. */
  readonly doing?: ConnectionActivity;
};

/** What a connection is doing. */
export type ConnectionActivity = {
  /** In one line of at most 200 characters without credentials: the method and path of a request, or the name of a stream. */
  readonly what?: string;
  /** Bytes that it has written so far. */
  readonly bytesWritten?: number;
  /** Since when, in epoch milliseconds. */
  readonly since?: number;
  /** The code that it is closed with, where its protocol has one. */
  readonly closeCode?: number;
};

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
  /** Whoever was forced, evicted or left unfinished, as they ended: `drain.maxNamed` of them. */
  readonly clients: readonly DrainedClient[];
  /** How many more there were; left out where all are named. */
  readonly unnamedClients?: number;
};
