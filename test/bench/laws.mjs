// What it costs to watch the laws of supervision, of one core, at 5 000 events a second.
//   node test/bench/laws.mjs
// The events are those of a simulated supervisor with hundreds of clients, again and again; a check that passed is told to
// nobody, as no law reads it. "All are read" is the worst there is: clients that come, are told to go, and end.
import { createRequire } from 'node:module';
import { createSupervisor } from '@watchkeeper/core';
import { supervisionLaws, watchLaws } from '@watchkeeper/telemetry';
import { simulate } from '@watchkeeper/testing';
import { interleave } from './interleave.mjs';
import { report, short } from './report.mjs';

const { Subject } = createRequire(new URL('../../packages/core/package.json', import.meta.url))('rxjs');

const PER_SECOND = 5_000;
const ROUNDS = 20;

/** All notable events of some lives. */
async function livedEvents() {
  const events = [];
  const recorded = (options) => {
    const keeper = createSupervisor(options);
    keeper.notable$.subscribe((event) => events.push(event));
    return keeper;
  };
  for (let seed = 0; seed < 4; seed++) await simulate({ seed, steps: 1_500, crowd: 100, createSupervisor: recorded });
  return events;
}

const notice = { type: 'goaway', reason: 'draining', graceMs: 1_000, at: 0 };
const allRead = Array.from({ length: 10_000 }, (_, index) => String(index)).flatMap((id) => [
  { type: 'actor.started', kind: 'session', id, reserved: 'beforeDrain', at: 0 },
  { type: 'client.goaway', kind: 'session', id, notice, at: 0 },
  { type: 'actor.ended', kind: 'session', id, reason: 'goaway', at: 0 },
]);

/** CPU time of telling all events to whoever listens, per event. */
function telling(events, listen) {
  return () => {
    const events$ = new Subject();
    const supervisor = {
      phase: 'running',
      events$,
      notable$: events$,
      noteViolation: () => {},
      describe: () => ({ closeTimeoutMs: 100, stallAfterMs: 100, evictAfterMs: 100 }),
      stats: () => ({ notifiers: { open: 1 }, sessions: { open: 0 } }),
    };
    const stop = listen(supervisor);
    const before = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round++) for (const event of events) events$.next(event);
    const { user, system } = process.cpuUsage(before);
    stop();
    return { ns: ((user + system) * 1_000) / (events.length * ROUNDS) };
  };
}

const rows = {};
for (const [name, events] of Object.entries({
  'lives of a supervisor': await livedEvents(),
  'all are read': allRead,
})) {
  const { ns } = await interleave(
    {
      watched: telling(events, (supervisor) => {
        const watch = watchLaws(supervisor, supervisionLaws());
        return () => watch.close();
      }),
      // Somebody listens, as with metrics or a log.
      'not watched': telling(events, ({ events$ }) => {
        const subscription = events$.subscribe(() => {});
        return () => subscription.unsubscribe();
      }),
    },
    { rounds: 9 },
  );
  const costNs = ns.watched - ns['not watched'];
  rows[name] = {
    events: events.length,
    'an event, ns': short(costNs),
    'of one core at 5 000 a second, %': short((costNs * PER_SECOND) / 1e7),
  };
}
report('laws', { rows });
