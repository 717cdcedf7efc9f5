import { type Ending, slackMs, type World } from '../world.ts';

/** Holds what should be true while a drain goes on. */
export function holdDrain(world: World, ending: Ending): void {
  const { court, activeMs, drawn, phases, clients, peers } = world;
  if (phases.includes('force')) ending.forcedMs ??= activeMs;
  const { options, sinceMs, lastOpenMs, forcedMs } = ending;
  // A close begins at the deadline at the latest, and one of a slot opened later when that is opened.
  const lastCloseMs = Math.max(
    Math.min(sinceMs + options.deadlineMs, forcedMs ?? Number.POSITIVE_INFINITY),
    lastOpenMs,
  );
  const overdueMs = activeMs - (lastCloseMs + drawn.closeTimeoutMs);
  court.hold('INV-28', overdueMs <= slackMs, () => `the drain is ${overdueMs} ms over its bound`);
  const empty = peers.size === 0 && clients.every(({ over }) => over);
  const waits = phases.at(-1) === 'grace' || phases.includes('force');
  court.hold('INV-29', !(empty && waits), () => 'everybody has left, and the drain goes on');
}

/** Holds what must be true once a supervisor has stopped: nothing of it is left, and its report adds up. */
export function holdEnd(world: World): void {
  const { court, keeper, targets, clients, peers, pending, held, ending } = world;
  const actors = [...keeper.actors()].map(({ kind }) => kind);
  court.hold('INV-79', actors.length === 1, () => `after the end there are ${actors.join(', ')}`);
  court.hold('INV-33', pending === 0, () => `after the end ${pending} timers are armed`);
  court.hold('INV-33', keeper.phase === 'stopped', () => `after the end it is ${keeper.phase}`);
  court.hold(
    'INV-39',
    targets.size + peers.size === 0,
    () => `${targets.size} monitors and ${peers.size} sessions never ended`,
  );
  court.hold(
    'INV-39',
    clients.every(({ over }) => over),
    () => 'a notifier never ended',
  );
  court.hold('INV-15', keeper.stats().sessions.taken === held.length, () => 'slots were not given back');
  court.hold('INV-27', world.phases.at(-1) === 'join', () => `the drain went ${world.phases.join(', ')}`);
  if (ending?.report !== undefined) holdReport(world, ending, ending.report);
  else court.hold('INV-34', ending?.reports.length === 0, () => 'the drain ended without a report');
}

function holdReport({ court }: World, ending: Ending, report: NonNullable<Ending['report']>): void {
  const { sessions, notifiers } = report;
  const given = () => JSON.stringify(report);
  court.hold(
    'INV-25',
    sessions.early + sessions.forced === sessions.total,
    () => `the report does not add up: ${given()}`,
  );
  court.hold('INV-25', sessions.total === ending.total + ending.stragglers, () => {
    return `of ${ending.total} sessions and ${ending.stragglers} stragglers the report says ${given()}`;
  });
  court.hold('INV-25', sessions.stragglers === ending.stragglers, () => `${ending.stragglers} stragglers: ${given()}`);
  court.hold('INV-4', notifiers.told === ending.told && notifiers.evicted === ending.evicted, () => {
    return `${ending.told} told and ${ending.evicted} evicted: ${given()}`;
  });
  court.hold('INV-28', report.durationMs >= 0, () => `it took ${report.durationMs} ms`);
  court.hold('INV-31', report.reason !== 'aborted' || ending.cutShort, () => `nobody cut it short: ${given()}`);
}
