import type { NotifierOutput } from './notifierMachine.ts';
import type { DrainReport } from './report.ts';
import type { SessionOutput } from './sessionMachine.ts';

/** What a drain has counted so far. */
export type DrainTally = Pick<DrainReport, 'sessions' | 'notifiers' | 'unfinished'>;

/** The tally of a drain that begins with this many sessions. */
export function beginTally(sessions: number): DrainTally {
  return {
    sessions: { total: sessions, early: 0, forced: 0, stragglers: 0 },
    notifiers: { told: 0, evicted: 0 },
    unfinished: [],
  };
}

/** The tally after one session more was admitted into the drain. */
export function withStraggler({ sessions, ...rest }: DrainTally): DrainTally {
  return { ...rest, sessions: { ...sessions, total: sessions.total + 1, stragglers: sessions.stragglers + 1 } };
}

/** The tally after a session ended. */
export function withSession(
  { sessions, unfinished, ...rest }: DrainTally,
  id: string,
  output: SessionOutput,
): DrainTally {
  return {
    ...rest,
    sessions: output.forced ? { ...sessions, forced: sessions.forced + 1 } : { ...sessions, early: sessions.early + 1 },
    unfinished: output.unfinished ? [...unfinished, `session ${id}`] : unfinished,
  };
}

/** The tally after a notifier ended. */
export function withNotifier({ notifiers, ...rest }: DrainTally, { told }: NotifierOutput): DrainTally {
  return {
    ...rest,
    notifiers: told ? { ...notifiers, told: notifiers.told + 1 } : { ...notifiers, evicted: notifiers.evicted + 1 },
  };
}
