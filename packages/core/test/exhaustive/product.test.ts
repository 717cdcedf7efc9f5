import { type FakeConnection, fakeConnection, inbox, VirtualClock } from '@watchkeeper/testing';
import { expect, it } from 'vitest';
import { createSupervisor, drainPhases, type Session, type SupervisorEvent } from '../../src/index.ts';

const graceMs = 100;
const closeTimeoutMs = 50;

/** One supervisor with what it is done to, and what came of it. */
function stage() {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock, closeTimeoutMs, notifier: { evictAfterMs: 40 } });
  const events: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  let late: ReturnType<typeof keeper.reserve> | undefined = keeper.reserve('peer');
  const caller = new AbortController();
  const connections: FakeConnection[] = [];
  const sessions: Session[] = [];
  const open = (connection: FakeConnection, given = keeper.reserve()) => {
    if (!given.reserved) return;
    connections.push(connection);
    sessions.push(given.open(connection));
  };
  const deeds: Readonly<Record<string, () => unknown>> = {
    admit: () => open(fakeConnection({ closing: 'hang' })),
    'admit a broken one': () => open(broken()),
    'open late': () => {
      if (late === undefined || keeper.phase === 'stopped') return;
      open(fakeConnection(), late);
      late = undefined;
    },
    drain: () => void keeper.drain({ graceMs, deadlineMs: 120, signal: caller.signal }),
    stop: () => void keeper.stop(),
    abort: () => caller.abort(),
    'peer leaves': () => sessions[0]?.end(),
    'write fails': () => sessions.at(-1)?.end('failed'),
    'client comes': () => keeper.phase !== 'stopped' && keeper.notifier('slow', inbox('hold').deliver),
    'time passes': () => clock.advance(closeTimeoutMs),
  };
  const giveBack = () => late?.reserved && late.release();
  return { clock, keeper, events, giveBack, connections, sessions, deeds };
}

/** A connection that can neither be told nor closed. */
function broken(): FakeConnection {
  const goaways: FakeConnection['goaways'][number][] = [];
  return {
    goaways,
    closes: [],
    goaway(notice) {
      goaways.push(notice);
      throw new Error('a broken pipe');
    },
    close: () => Promise.reject(new Error('a broken pipe')),
  };
}

/** Every way to do up to `length` of `deeds`, one after the other; with a deed that does nothing it would be a shorter one. */
function* waysOf(
  deeds: readonly string[],
  length: number,
  begun: readonly string[] = [],
): Generator<readonly string[]> {
  yield begun;
  if (begun.length === length) return;
  for (const deed of deeds) if (!doesNothing(deed, begun)) yield* waysOf(deeds, length, [...begun, deed]);
}

const comings = ['admit', 'admit a broken one', 'open late'];

/** Nobody goes before somebody came, and there is one caller to abort and one reservation to open late. */
function doesNothing(deed: string, after: readonly string[]): boolean {
  if (deed === 'peer leaves' || deed === 'write fails') return !after.some((earlier) => comings.includes(earlier));
  return (deed === 'abort' || deed === 'open late') && after.includes(deed);
}

/** Does it all, lets time end it, and says what is wrong afterwards. */
async function play(way: readonly string[]): Promise<readonly string[]> {
  const { clock, keeper, events, giveBack, connections, sessions, deeds } = stage();
  for (const deed of way) {
    await deeds[deed]?.();
    await clock.settle();
  }
  const ended = keeper.drain({ graceMs, deadlineMs: 120 });
  await clock.advance(120 + closeTimeoutMs);
  const { sessions: tally } = await ended;
  giveBack();
  const states = new Set(sessions.map(({ state }) => state));
  const phases = events.flatMap((event) => (event.type === 'drain.entered' ? [drainPhases.indexOf(event.phase)] : []));
  const claims: Readonly<Record<string, boolean>> = {
    'INV-25: nobody is told twice': connections.every(({ goaways }) => goaways.length <= 1),
    'INV-3: nobody is closed twice': connections.every(({ closes }) => closes.length <= 1),
    'INV-26: nobody is forgotten': [...states].every((state) => state === 'closed'),
    'INV-25: the report adds up': tally.early + tally.forced === tally.total,
    'INV-15: every slot was given back': keeper.stats().sessions.taken === 0,
    'INV-33: no timer is armed': clock.pending === 0,
    'INV-79: nobody is left': [...keeper.actors()].length === 1,
    'INV-27: the phases keep their order': phases.every(
      (phase, index) => index === 0 || phase > (phases[index - 1] ?? -1),
    ),
  };
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [`${claim}, after ${way.join(', ')}`]));
}

it('every order of admit, drain, stop, abort, leave, failure and time keeps the laws of the drain (INV-3, INV-15, INV-25, INV-26, INV-27, INV-33, INV-79)', async () => {
  const deeds = Object.keys(stage().deeds);
  const wrong: string[] = [];
  let ways = 0;
  for (const way of waysOf(deeds, 4)) {
    ways += 1;
    wrong.push(...(await play(way)));
  }
  console.log(`session x supervisor: ${ways} orders of ${deeds.length} deeds`);
  expect(wrong).toEqual([]);
});
