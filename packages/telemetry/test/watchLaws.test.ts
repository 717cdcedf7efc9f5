import { InvalidOptionError, type SupervisorEvent, type SupervisorOptions } from '@watchkeeper/core';
import { fakeConnection, inbox, scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  alternating,
  createMetrics,
  type Law,
  type LawfulSupervisor,
  type LawOptions,
  logEvents,
  never,
  prometheusText,
  supervisionLaws,
  watchLaws,
  within,
} from '../src/index.ts';
import { createRecordedSupervisor, everySecond } from './support/recordedSupervisor.ts';

/** A supervisor that says what it is told to, and is watched. */
function scripted(laws: readonly Law[], options: LawOptions = {}, clients = 0) {
  const clock = new VirtualClock();
  const events = new Subject<SupervisorEvent>();
  const noted: unknown[] = [];
  const supervisor = {
    phase: 'draining',
    events$: events,
    notable$: events,
    noteViolation: (violation: unknown) => void noted.push(violation),
    describe: () => undefined,
    stats: () => ({ notifiers: { open: clients }, sessions: { open: 0 } }),
  } as unknown as LawfulSupervisor;
  const watch = watchLaws(supervisor, laws, { clock, slackMs: 0, ...options });
  const say = (...told: readonly object[]) => {
    for (const event of told) events.next({ at: 0, ...event } as SupervisorEvent);
  };
  return { clock, events, noted, watch, say };
}

const raised = (id: string) => ({ type: 'alert.raised', id });
const cleared = (id: string) => ({ type: 'alert.cleared', id });

describe('a law that is watched', () => {
  it('never: says which event came after which, each key for itself, until it may come again', () => {
    const law = never({
      name: 'quiet',
      after: { type: 'health.changed', where: ({ to }) => to === 'paused' },
      event: ['alert.raised', 'check.failed'],
      until: { type: 'health.changed', where: ({ from }) => from === 'paused' },
    });
    const { say, noted, watch } = scripted([law]);
    const changed = (id: string, from: string, to: string) => ({ type: 'health.changed', id, from, to });
    say(raised('a'), changed('a', 'healthy', 'paused'), raised('b'), changed('b', 'starting', 'healthy'));
    expect(watch.violations).toEqual({ quiet: 0 });
    say(raised('a'), { type: 'check.failed', id: 'a' }, changed('a', 'paused', 'healthy'), raised('a'));
    expect(noted).toEqual([
      { law: 'quiet', found: 'alert.raised a after health.changed' },
      { law: 'quiet', found: 'check.failed a after health.changed' },
    ]);
  });

  it('within: waits for each key, and no longer than it says', () => {
    const law = within({ name: 'soon', after: 'alert.raised', event: 'alert.cleared', ms: 1_000 });
    const { say, clock, noted } = scripted([law], { slackMs: 500 });
    say(raised('a'), raised('b'));
    clock.advanceSync(1_000);
    say(cleared('a'));
    clock.advanceSync(400);
    expect(noted).toEqual([]);
    clock.advanceSync(1_000);
    expect(noted).toEqual([{ law: 'soon', found: 'alert.raised b: nothing within 1000 ms' }]);
    expect(clock.pending).toBe(0);
    const own = within({ name: 'by', after: 'alert.raised', event: 'alert.cleared', ms: () => 5, by: () => 'all' });
    const other = scripted([own]);
    other.say(raised('a'), cleared('b'));
    other.clock.advanceSync(1_000);
    expect(other.noted).toEqual([]);
  });

  it('within: begins every wait anew when the program stood still', () => {
    const law = within({ name: 'soon', after: 'alert.raised', event: 'alert.cleared', ms: 1_000 });
    const { say, clock, noted } = scripted([law]);
    say(raised('a'));
    clock.freeze(10_000);
    clock.advanceSync(900);
    expect(noted).toEqual([]);
    clock.advanceSync(1_000);
    expect(noted).toHaveLength(1);
  });

  it('alternating: takes either first, and forgets whom it is told to', () => {
    const law = alternating({
      name: 'turns',
      opens: 'alert.raised',
      closes: 'alert.cleared',
      forgets: { type: 'actor.ended', where: ({ kind }) => kind === 'monitor' },
    });
    const { say, noted } = scripted([law]);
    say(cleared('a'), raised('a'), raised('b'), cleared('a'), raised('a'));
    say({ type: 'actor.ended', kind: 'monitor', id: 'a' }, raised('a'));
    expect(noted).toEqual([]);
    say(raised('a'), cleared('b'), cleared('b'));
    expect(noted).toEqual([
      { law: 'turns', found: 'alert.raised a, twice in a row' },
      { law: 'turns', found: 'alert.cleared b, twice in a row' },
    ]);
  });

  it('that throws is a violation once, and is watched no more', () => {
    const bare = Object.create(null);
    const odd = (name: string, thrown: unknown): Law => ({
      name,
      reads: ['alert.raised'],
      read() {
        throw thrown;
      },
    });
    const late: Law = {
      name: 'late',
      reads: ['alert.raised'],
      read: (_, scope) =>
        scope.wait('', 0, () => {
          throw new Error('too late');
        }),
    };
    const { say, watch, clock, noted } = scripted([odd('error', new Error('a defect')), odd('bare', bare), late]);
    say(raised('a'), raised('a'));
    clock.advanceSync(1_000);
    say(raised('a'));
    clock.advanceSync(1_000);
    expect(watch.violations).toEqual({ error: 1, bare: 1, late: 1 });
    expect(noted[0]).toMatchObject({ found: expect.stringContaining('a defect') });
  });

  it('is bounded: by keys, which it says it forgot, and by events within a second', () => {
    const soon = within({ name: 'soon', after: 'alert.raised', event: 'alert.cleared', ms: 1_000 });
    const turns = alternating({ name: 'turns', opens: 'alert.raised', closes: 'alert.cleared' });
    const limits = { maxKeys: 2, maxEventsPerSecond: 3 };
    const { say, clock, watch, noted, events } = scripted([soon, turns], limits);
    say(...['a', 'b', 'c', 'd'].map(raised));
    expect(watch.forgotten).toBe(4);
    say(...Array(5).fill(raised('d')));
    expect([watch.violations, watch.unpublished, noted.length]).toEqual([{ soon: 0, turns: 5 }, 2, 3]);
    clock.advanceSync(1_500);
    say(raised('d'));
    expect(noted.length).toBe(6);
    events.complete();
    expect(clock.pending).toBe(0);
  });

  it('is told of to whoever asks to be called, whatever that does', () => {
    const found: unknown[] = [];
    const law = never({ name: 'no alert', after: 'supervisor.started', event: 'alert.raised', by: () => '' });
    const onViolation = (violation: unknown) => {
      found.push(violation);
      throw new Error('busy');
    };
    const { say, watch } = scripted([law], { onViolation });
    say({ type: 'supervisor.started' }, raised('a'));
    expect([found, watch.violations]).toEqual([
      [{ law: 'no alert', found: 'alert.raised  after supervisor.started' }],
      { 'no alert': 1 },
    ]);
    watch.close();
    say(raised('a'));
    expect(watch.violations).toEqual({ 'no alert': 1 });
  });

  it.each([
    ['laws', [{}]],
    ['laws', 'all'],
    ['laws', [{ name: 'a', reads: [], read() {} }]],
    ['laws', [{ name: 'a', reads: ['law.violated'], read() {} }]],
    ['laws', [...supervisionLaws(), ...supervisionLaws()]],
  ])('must be one: %s %o', (option, laws) => {
    expect(() => scripted(laws as never)).toThrow(InvalidOptionError);
    expect(() => scripted(laws as never)).toThrow(option);
  });

  it.each([
    ['never.after', () => never({ name: 'a', after: [], event: 'alert.raised' })],
    ['never.event', () => never({ name: 'a', after: 'alert.raised', event: { where: () => true } as never })],
    ['never.name', () => never({ name: '', after: 'alert.raised', event: 'alert.raised' })],
    ['within.ms', () => within({ name: 'a', after: 'alert.raised', event: 'alert.cleared', ms: -1 })],
    [
      'alternating.by',
      () => alternating({ name: 'a', opens: 'alert.raised', closes: 'alert.cleared', by: 1 as never }),
    ],
    ['alternating.close', () => alternating({ name: 'a', opens: 'alert.raised', close: 'alert.cleared' } as never)],
    ['laws.maxKeys', () => scripted([], { maxKeys: 0 })],
    ['metrics.laws', () => createMetrics(createRecordedSupervisor().keeper, { laws: {} as never })],
  ])('is refused by name where an option breaks its rule: %s', (name, make) => {
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(name);
  });
});

/** A supervisor in which everything happens that laws read, until it has ended. */
async function lived(options: SupervisorOptions, laws: readonly Law[] = supervisionLaws()) {
  const { clock, keeper, events } = createRecordedSupervisor({ closeTimeoutMs: 100, ...options });
  const watch = watchLaws(keeper, laws, { clock });
  const metrics = createMetrics(keeper, { laws: watch, eventLoopSampleMs: 0 });
  const lines: string[] = [];
  const log = (level: string) => (_: object, message?: string) => lines.push(`${level} ${message}`);
  logEvents(keeper, { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') } as never);
  keeper.monitor('api', scriptedProbe('+--+-+'), { ...everySecond, alertAfter: 1 });
  keeper.notifier('a', inbox('take').deliver);
  const slot = keeper.reserve();
  const early = keeper.reserve();
  if (early.reserved) early.open(fakeConnection({ closing: 'hang' }));
  keeper.start();
  await clock.advance(8_000);
  const drained = keeper.drain({ noticeMs: 100, graceMs: 1_000, deadlineMs: 5_000 });
  await clock.advance(50);
  const late = keeper.reserve('late', { whileDraining: true });
  if (late.reserved) late.open(fakeConnection());
  if (slot.reserved) slot.open(fakeConnection());
  await clock.advance(20_000);
  return { clock, keeper, watch, events, metrics, lines, drained };
}

describe('the laws of supervision', () => {
  it('hold over a life with alerts, a straggler and a slot that was reserved in the drain', async () => {
    const { keeper, watch, drained, metrics, clock } = await lived({});
    expect((await drained).reason).toBe('drained');
    expect(Object.values(watch.violations)).toEqual([0, 0, 0, 0, 0, 0]);
    expect([keeper.stats().lost.lawsViolated, clock.pending]).toEqual([0, 0]);
    expect(prometheusText(metrics.families()).body).toContain(
      'watchkeeper_law_violations_total{law="nobody is admitted once a drain has begun"} 0',
    );
  });

  it('make a violation an event, a line in the log and a counter of each kind', async () => {
    const law = never({ name: 'no session ends', after: 'supervisor.started', event: 'actor.ended', by: () => '' });
    const { keeper, events, metrics, lines, watch } = await lived({}, [law]);
    const found = events.filter(({ type }) => type === 'law.violated');
    expect(found.length).toBeGreaterThan(1);
    expect(found[0]).toMatchObject({ law: 'no session ends', found: expect.stringContaining('actor.ended') });
    // The last of them is found when the stream has completed: it is counted, and nobody is told.
    const count = watch.violations['no session ends'];
    expect([keeper.stats().lost.lawsViolated, found.length]).toEqual([count, Number(count) - 1]);
    const { body: text } = prometheusText(metrics.families());
    expect(text).toContain(`watchkeeper_laws_violated_total ${count}`);
    expect(text).toContain(`watchkeeper_law_violations_total{law="no session ends"} ${count}`);
    expect(lines).toContain('error law.violated');
  });

  it.each([
    ['of a client that replaced another, which ended after it began', 0],
    ['of one that had replaced another when the watch began', 1],
  ])('claim nothing %s', (_, clients) => {
    const { say, watch, noted } = scripted(supervisionLaws(), {}, clients);
    const started = { type: 'actor.started', kind: 'notifier', id: 'a' };
    const ended = { type: 'actor.ended', kind: 'notifier', id: 'a', reason: 'replaced' };
    const dropped = { type: 'notice.dropped', id: 'a', count: 1, goaway: false, reason: 'peer' };
    if (clients === 0) say(started);
    say(dropped, started, ended, dropped);
    expect(noted).toEqual([]);
    say(ended);
    if (clients === 0) say(dropped, ended);
    else say(started, ended);
    expect(watch.violations['nothing is sent to a client after its end']).toBe(clients === 0 ? 2 : 0);
  });

  it('let a monitor that was given up raise its alert anew under the same id', () => {
    const { say, watch } = scripted(supervisionLaws());
    say(raised('a'), { type: 'supervisor.escalated', id: 'a' }, raised('a'));
    expect(watch.violations['there is one clear for each raise']).toBe(0);
    say(raised('a'));
    expect(watch.violations['there is one clear for each raise']).toBe(1);
  });

  it('may be told of by anybody, with what is known', () => {
    const { keeper } = createRecordedSupervisor();
    keeper.noteViolation({ law: 'orders add up', found: '3 of 4' });
    expect(keeper.stats().lost.lawsViolated).toBe(1);
    expect(() => keeper.noteViolation({ law: '', found: '3 of 4' })).toThrow('violation.law');
    expect(() => keeper.noteViolation({ law: 'orders add up' } as never)).toThrow('violation.found');
  });
});
