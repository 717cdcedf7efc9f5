import type { ActorEnded } from '../events/events.ts';
import type { DrainReport } from '../model/drainReport.ts';

/** Counts of a drain under way. */
export type DrainTally = Pick<DrainReport, 'sessions' | 'reasons' | 'notifiers' | 'services' | 'unfinished'>;

/** Returns the tally of a drain that begins with this many sessions and services. */
export function beginTally(sessions: number, services: number): DrainTally {
  return {
    sessions: { total: sessions, early: 0, forced: 0, stragglers: 0 },
    reasons: {},
    notifiers: { told: 0, evicted: 0 },
    services: { total: services, stopped: 0, forced: 0, failed: 0 },
    unfinished: [],
  };
}

/** Returns the tally after one session more was admitted into the drain. */
export function withStraggler({ sessions, ...rest }: DrainTally): DrainTally {
  return { ...rest, sessions: { ...sessions, total: sessions.total + 1, stragglers: sessions.stragglers + 1 } };
}

/** Returns the tally after an actor ended. */
export function withEnded(tally: DrainTally, ended: ActorEnded): DrainTally {
  const { sessions, reasons, notifiers, services, unfinished } = tally;
  const { kind, id } = ended;
  if (kind === 'notifier') {
    const counted = ended.told ? { told: notifiers.told + 1 } : { evicted: notifiers.evicted + 1 };
    return { ...tally, notifiers: { ...notifiers, ...counted } };
  }
  if (kind === 'monitor') return tally;
  const left = ended.unfinished ? [...unfinished, `${kind} ${id}`] : unfinished;
  if (kind === 'service') {
    const how = ended.reason === 'failed' ? 'failed' : ended.forced ? 'forced' : 'stopped';
    return { ...tally, services: { ...services, [how]: services[how] + 1 }, unfinished: left };
  }
  const { reason, forced } = ended;
  const counted = forced ? { forced: sessions.forced + 1 } : { early: sessions.early + 1 };
  return {
    ...tally,
    sessions: { ...sessions, ...counted },
    reasons: { ...reasons, [reason]: (reasons[reason] ?? 0) + 1 },
    unfinished: left,
  };
}
