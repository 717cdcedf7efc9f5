import type { ActorEnded } from '../events/events.ts';
import type { DrainReport } from '../model/drainReport.ts';

/** Counts of a drain under way. */
export type DrainTally = Pick<DrainReport, 'sessions' | 'reasons' | 'notifiers' | 'unfinished'>;

/** Returns the tally of a drain that begins with this many sessions. */
export function beginTally(sessions: number): DrainTally {
  return {
    sessions: { total: sessions, early: 0, forced: 0, stragglers: 0 },
    reasons: {},
    notifiers: { told: 0, evicted: 0 },
    unfinished: [],
  };
}

/** Returns the tally after one session more was admitted into the drain. */
export function withStraggler({ sessions, ...rest }: DrainTally): DrainTally {
  return { ...rest, sessions: { ...sessions, total: sessions.total + 1, stragglers: sessions.stragglers + 1 } };
}

/** Returns the tally after an actor ended. */
export function withEnded(tally: DrainTally, { kind, id, reason, forced, unfinished, told }: ActorEnded): DrainTally {
  const { sessions, reasons, notifiers } = tally;
  if (kind === 'notifier') {
    const counted = told ? { told: notifiers.told + 1 } : { evicted: notifiers.evicted + 1 };
    return { ...tally, notifiers: { ...notifiers, ...counted } };
  }
  if (kind !== 'session') return tally;
  const counted = forced ? { forced: sessions.forced + 1 } : { early: sessions.early + 1 };
  return {
    ...tally,
    sessions: { ...sessions, ...counted },
    reasons: { ...reasons, [reason]: (reasons[reason] ?? 0) + 1 },
    unfinished: unfinished ? [...tally.unfinished, `session ${id}`] : tally.unfinished,
  };
}
