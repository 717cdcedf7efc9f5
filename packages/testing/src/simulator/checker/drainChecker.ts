import { type Ending, slackMs, type World } from '../world.ts';

/** Checks what should be true while a drain goes on. */
export function checkDrain(world: World, ending: Ending): void {
  const { violations, activeMs, drawn, phases, clients, peers } = world;
  if (phases.includes('force')) ending.forcedMs ??= activeMs;
  const { options, sinceMs, forcedMs } = ending;
  // Whoever comes meanwhile, all are closed at the deadline at the latest, and not waited for any longer than a close takes.
  const lastCloseMs = Math.min(sinceMs + options.deadlineMs, forcedMs ?? Number.POSITIVE_INFINITY);
  const overdueMs = activeMs - (lastCloseMs + drawn.closeTimeoutMs);
  violations.expect('INV-28', overdueMs <= slackMs, () => `the drain is ${overdueMs} ms over its bound`);
  const empty = peers.size === 0 && clients.every(({ over }) => over);
  const waits = phases.at(-1) === 'grace' || phases.includes('force');
  violations.expect('INV-29', !(empty && waits), () => 'everybody has left, and the drain goes on');
}

/** Checks what must be true once a supervisor has stopped: nothing of it is left, and its report adds up. */
export function checkEnd(world: World): void {
  const { violations, keeper, targets, clients, peers, pending, held, ending } = world;
  const actors = [...keeper.actors()].map(({ kind }) => kind);
  violations.expect('INV-79', actors.length === 1, () => `after the end there are ${actors.join(', ')}`);
  violations.expect('INV-33', pending === 0, () => `after the end ${pending} timers are armed`);
  violations.expect('INV-33', keeper.phase === 'stopped', () => `after the end it is ${keeper.phase}`);
  violations.expect(
    'INV-39',
    targets.size + peers.size === 0,
    () => `${targets.size} monitors and ${peers.size} sessions never ended`,
  );
  violations.expect(
    'INV-39',
    clients.every(({ over }) => over),
    () => 'a notifier never ended',
  );
  violations.expect('INV-15', keeper.stats().sessions.taken === held.length, () => 'slots were not given back');
  violations.expect('INV-27', world.phases.at(-1) === 'join', () => `the drain went ${world.phases.join(', ')}`);
  violations.expect('INV-28', world.unsettled.size === 0, () => `${world.unsettled.size} promises are never settled`);
  if (ending?.report !== undefined) checkReport(world, ending, ending.report);
  else violations.expect('INV-34', ending?.reports.length === 0, () => 'the drain ended without a report');
}

function checkReport({ violations, failed }: World, ending: Ending, report: NonNullable<Ending['report']>): void {
  const { sessions, notifiers } = report;
  const given = () => JSON.stringify(report);
  violations.expect(
    'INV-25',
    sessions.early + sessions.forced === sessions.total,
    () => `the report does not add up: ${given()}`,
  );
  violations.expect('INV-25', sessions.total === ending.total + ending.stragglers, () => {
    return `of ${ending.total} sessions and ${ending.stragglers} stragglers the report says ${given()}`;
  });
  violations.expect(
    'INV-25',
    sessions.stragglers === ending.stragglers,
    () => `${ending.stragglers} stragglers: ${given()}`,
  );
  violations.expect('INV-4', notifiers.told === ending.told && notifiers.evicted === ending.evicted, () => {
    return `${ending.told} told and ${ending.evicted} evicted: ${given()}`;
  });
  violations.expect('INV-26', notifiers.told + notifiers.evicted === ending.clients, () => {
    return `of ${ending.clients} clients the report says ${given()}`;
  });
  violations.expect('failure', (report.reason === 'failed') === failed, () => {
    return `the supervisor ${failed ? 'failed' : 'did not fail'}: ${given()}`;
  });
  violations.expect('INV-28', report.durationMs >= 0, () => `it took ${report.durationMs} ms`);
  violations.expect('INV-31', report.reason !== 'aborted' || ending.cutShort, () => `nobody cut it short: ${given()}`);
}
