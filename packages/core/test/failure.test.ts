import { fakeConnection, inbox, scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createSupervisorOn } from '../src/createSupervisor.ts';
import {
  type Clock,
  InvalidOptionError,
  NotAdmittingError,
  type SupervisorEvent,
  type SupervisorOptions,
} from '../src/index.ts';
import { monitorMachine as monitor } from '../src/monitor/monitorMachine.ts';
import { notifierMachine as notifier } from '../src/notifier/notifierMachine.ts';
import { serviceMachine as service } from '../src/service/serviceMachine.ts';
import { sessionMachine as session } from '../src/session/sessionMachine.ts';
import { compileCharts } from '../src/supervisor/charts.ts';
import { supervisorMachine } from '../src/supervisor/supervisorMachine.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

/** Creates a supervisor whose own actor throws at every broadcast, and in what else is named. */
function createFailing(options: SupervisorOptions = {}, ...alsoThrowing: readonly string[]) {
  const fail = () => {
    throw new Error('a defect');
  };
  const actions = Object.fromEntries(['broadcast', ...alsoThrowing].map((name) => [name, fail]));
  const charts = compileCharts({
    monitor,
    notifier,
    service,
    session,
    supervisor: supervisorMachine.provide({ actions }),
  });
  const clock = new VirtualClock();
  const keeper = createSupervisorOn(charts, { clock, closeTimeoutMs: 500, ...options });
  const events: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  const failNow = () => keeper.broadcast({ type: 'health', topic: 'api', health: 'healthy' });
  return { clock, keeper, events, failNow };
}

const failuresOf = (events: readonly SupervisorEvent[]) => events.filter(({ type }) => type === 'supervisor.failed');

describe('a supervisor that fails', () => {
  it('is unready, says so, tells everybody, waits for the grace, and reports that it failed (INV-25, INV-33)', async () => {
    const { keeper, clock, events, failNow } = createFailing({ drain: { graceMs: 1_000 } });
    keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    const client = inbox();
    const [leaving, staying] = [fakeConnection({ onGoaway: () => left.end() }), fakeConnection()];
    const left = expectReserved(keeper.reserve()).open(leaving);
    const stays = expectReserved(keeper.reserve()).open(staying);
    const told = keeper.notifier('client', client.deliver);
    await clock.settle();
    failNow();
    expect([keeper.planes.ready, keeper.reserve()]).toMatchObject([false, { reason: 'draining' }]);
    await clock.settle();
    expect(keeper.draining.aborted).toBe(true);
    expect(staying.goaways).toMatchObject([{ reason: 'failed', graceMs: 1_000 }]);
    await clock.advance(1_000);
    expect(await keeper.drain()).toEqual({
      sessions: { total: 2, early: 1, forced: 1, stragglers: 0 },
      reasons: { goaway: 1, forced: 1 },
      notifiers: { told: 1, evicted: 0 },
      services: { total: 0, stopped: 0, forced: 0, failed: 0 },
      durationMs: 1_000,
      reason: 'failed',
      unfinished: [],
      clients: [{ kind: 'session', id: '2', fate: 'forced', reason: 'forced', toldAt: expect.any(Number) }],
    });
    expect(await keeper.stop()).toBe(await keeper.drain());
    expect(await Promise.all([left.closed, stays.closed, told.closed])).toEqual(['goaway', 'forced', 'goaway']);
    expect(failuresOf(events)).toMatchObject([{ cause: { message: 'a defect' } }]);
    expect([keeper.planes.live, keeper.stats().lost.actorsFailed, clock.pending]).toEqual([false, 1, 0]);
  });

  it.each([
    ['notice', 300, 1_100],
    ['grace', 600, 600],
    ['join', 1_300, 1_300],
  ] as const)('in the %s of a drain ends no later than that would, and still says so', async (phase, atMs, endsMs) => {
    const { keeper, clock, events, failNow } = createFailing();
    expectReserved(keeper.reserve()).open(fakeConnection());
    expectReserved(keeper.reserve()).open(fakeConnection({ closing: phase === 'join' ? 'hang' : 'done' }));
    const ended = keeper.drain({ noticeMs: 400, graceMs: 800, deadlineMs: 1_200 });
    await clock.advance(atMs);
    expect(events.filter(({ type }) => type === 'drain.entered').at(-1)).toMatchObject({
      phase: phase === 'notice' ? 'lag' : phase,
    });
    failNow();
    await clock.advance(2_000);
    expect(await ended).toMatchObject({
      reason: 'failed',
      durationMs: endsMs,
      sessions: { total: 2, forced: 2 },
      unfinished: phase === 'join' ? ['session 2'] : [],
    });
    expect([keeper.phase, clock.pending, failuresOf(events).length]).toEqual(['stopped', 0, 1]);
  });

  it.each([
    ['announceWithdrawal', 'prepareGoaway'],
    ['scheduleGoaways'],
    ['stopAdmitting'],
    ['beginDrain', 'closeClients'],
    ['prepareLastGoaway', 'stopMonitors'],
    ['abandonClients'],
  ])('and fails again in %s settles every promise all the same', async (...throwing) => {
    const { keeper, clock, failNow } = createFailing({}, ...throwing);
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve()).open(connection);
    keeper.notifier('client', () => {});
    await clock.settle();
    failNow();
    const ended = keeper.drain();
    await clock.advance(30_000);
    expect(await ended).toMatchObject({ reason: 'failed', sessions: { total: 1 } });
    expect(keeper.phase).toBe('stopped');
    expect(await session.closed).toBe('forced');
    expect(connection.closes).toEqual(['forced']);
  });

  it('over a client it was to take in refuses that one, and drains the others', async () => {
    const { keeper, clock } = createFailing({}, 'addNotifier', 'addSession');
    const slot = expectReserved(keeper.reserve());
    expect(() => keeper.notifier('client', () => {})).toThrow(NotAdmittingError);
    expect(() => slot.open(fakeConnection())).toThrow(NotAdmittingError);
    await clock.advance(30_000);
    expect(await keeper.drain()).toMatchObject({ reason: 'failed', sessions: { total: 0 } });
  });

  it('over a client it had taken in already drains that one too, and counts it (INV-26)', async () => {
    const { keeper, clock } = createFailing({ drain: { graceMs: 100 } }, 'countSession');
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve()).open(connection);
    await clock.advance(1_000);
    expect(await keeper.drain()).toMatchObject({ reason: 'failed', sessions: { total: 1, forced: 1 } });
    expect([connection.goaways.length, connection.closes, await session.closed]).toEqual([1, ['forced'], 'forced']);
  });

  it.each([
    ['now', 1],
    ['now', 2],
    ['now', Number.POSITIVE_INFINITY],
    ['setTimeout', 1],
    ['setTimeout', Number.POSITIVE_INFINITY],
    ['clearTimeout', Number.POSITIVE_INFINITY],
    ['every', Number.POSITIVE_INFINITY],
    ['no time', Number.POSITIVE_INFINITY],
  ] as const)(
    'because its clock fails at %s, %d times, tells and closes everybody, and reports it (INV-78)',
    async (call, times) => {
      const clock = new VirtualClock();
      const faults = { left: 0 };
      const { keeper, of } = createTestSupervisor({
        clock: faultyClock(clock, call, faults),
        closeTimeoutMs: 20,
        drain: { graceMs: 20, deadlineMs: 40 },
      });
      keeper.monitor('api', scriptedProbe('+-'));
      keeper.start();
      const connections = [fakeConnection(), fakeConnection({ closing: 'hang' })];
      const sessions = connections.map((each) => expectReserved(keeper.reserve()).open(each));
      const client = inbox();
      const notifier = keeper.notifier('client', client.deliver);
      await clock.settle();
      faults.left = times;
      keeper.broadcast({ type: 'health', topic: 'api', health: 'healthy' });
      const ended = keeper.drain();
      expect(keeper.planes.ready).toBe(false);
      await clock.advance(1_000);
      const report = await ended;
      expect(report).toMatchObject({ reason: 'failed', sessions: { total: 2, forced: 2 }, notifiers: { told: 1 } });
      expect(report.durationMs).toBeGreaterThanOrEqual(0);
      expect(await Promise.all([...sessions, notifier].map(({ closed }) => closed))).toEqual([
        'forced',
        'forced',
        'goaway',
      ]);
      expect(connections.map(({ goaways, closes }) => [goaways.length, closes])).toEqual([
        [1, ['forced']],
        [1, ['forced']],
      ]);
      expect([of('supervisor.failed').length, of('actor.failed').length, keeper.phase]).toEqual([1, 0, 'stopped']);
      expect(await keeper.stop()).toBe(report);
    },
  );

  it('is not made on a clock that tells no time', () => {
    const faults = { left: Number.POSITIVE_INFINITY };
    for (const call of ['now', 'no time'] as const) {
      const clock = faultyClock(new VirtualClock(), call, faults);
      expect(() => createTestSupervisor({ clock })).toThrow('`supervisor.clock`');
    }
  });

  it('in what it had put off until after a step settles every promise all the same', async () => {
    const whole = compileCharts({ monitor, notifier, service, session, supervisor: supervisorMachine });
    const { transition } = whole.supervisor;
    const supervisor: typeof whole.supervisor = {
      ...whole.supervisor,
      transition(snapshot, event, scope) {
        if (event.type === 'broadcast') {
          scope.defer(() => {
            throw new Error('a defect');
          });
        }
        return transition(snapshot, event, scope);
      },
    };
    const clock = new VirtualClock();
    const keeper = createSupervisorOn({ ...whole, supervisor }, { clock });
    const connection = fakeConnection();
    const opened = expectReserved(keeper.reserve()).open(connection);
    await clock.settle();
    keeper.broadcast({ type: 'health', topic: 'api', health: 'healthy' });
    const report = await keeper.drain();
    expect([report.reason, await opened.closed, keeper.phase]).toEqual(['failed', 'failed', 'stopped']);
  });
});

/** Returns a clock that fails at one of its calls as often as is left. */
function faultyClock(
  clock: VirtualClock,
  call: 'now' | 'setTimeout' | 'clearTimeout' | 'every' | 'no time',
  faults: { left: number },
): Clock {
  const isFaulty = (...calls: readonly string[]) => {
    if (faults.left <= 0 || !calls.includes(call)) return false;
    faults.left -= 1;
    return true;
  };
  const check = (name: string) => {
    if (isFaulty(name, 'every')) throw new Error('no clock');
  };
  return {
    now() {
      check('now');
      return isFaulty('no time') ? Number.NaN : clock.now();
    },
    setTimeout(callback, delayMs) {
      check('setTimeout');
      return clock.setTimeout(callback, delayMs);
    },
    clearTimeout(timer) {
      check('clearTimeout');
      clock.clearTimeout(timer);
    },
  };
}

describe('what a caller keeps in its hands', () => {
  it('of a composite, and of what a monitor depends on, changes nothing afterwards', async () => {
    const { keeper, clock } = createTestSupervisor();
    const [of, dependsOn] = [['api'], ['api']];
    const need = { weight: 1 };
    keeper.monitor('api', scriptedProbe('+'));
    keeper.monitor('web', scriptedProbe('+'), { dependsOn });
    keeper.composite('both', { of, need });
    of.push(5 as never);
    dependsOn.push('web');
    need.weight = 1n as never;
    keeper.start();
    await clock.settle();
    expect(keeper.statuses().map(({ id, health }) => [id, health])).toEqual([
      ['api', 'healthy'],
      ['web', 'healthy'],
      ['both', 'healthy'],
    ]);
    keeper.monitor('late', scriptedProbe('+'), { dependsOn: ['web'] });
    expect(keeper.phase).toBe('running');
  });

  it('of a list is read once, so that what is used is what was found right', () => {
    const { keeper } = createTestSupervisor();
    let reads = 0;
    const options = {
      get dependsOn() {
        reads += 1;
        return reads === 1 ? [] : [5];
      },
    };
    keeper.monitor('api', scriptedProbe('+'), options as never);
    expect([reads, keeper.phase]).toEqual([1, 'idle']);
  });

  it('of a snapshot is read before a supervisor stands on it', () => {
    const first = createTestSupervisor().keeper;
    first.monitor('api', scriptedProbe('+'));
    const snapshot = first.snapshot();
    const resume = { ...snapshot, monitors: { api: { ...snapshot.monitors['api'] } } };
    const { keeper } = createTestSupervisor({ resume: resume as never });
    Object.defineProperty(resume.monitors.api, 'dueAt', {
      enumerable: true,
      get() {
        throw new Error('a trap');
      },
    });
    keeper.monitor('other', scriptedProbe('+'));
    keeper.composite('api', { of: ['other'], need: 'all' });
    expect(keeper.phase).toBe('idle');
  });

  it('of a signal that is none is told before the drain begins', async () => {
    const { keeper, clock } = createTestSupervisor();
    const broken = {
      aborted: false,
      addEventListener() {
        throw new Error('no signal');
      },
    };
    expect(() => keeper.drain({ signal: broken as never })).toThrow('no signal');
    expect(keeper.phase).toBe('idle');
    const forgetful = { aborted: false, addEventListener() {} };
    const ended = keeper.drain({ signal: forgetful as never });
    await clock.settle();
    expect(await ended).toMatchObject({ reason: 'drained' });
  });
});

describe('a draft of a notice', () => {
  const health = { type: 'health', topic: 'api', health: 'healthy' } as const;
  const goaway = { type: 'goaway', reason: 'moving', graceMs: 0 } as const;
  it.each([
    [{ ...health, seq: 1n }, 'seq'],
    [{ ...health, seq: Number.NaN }, 'seq'],
    [{ ...health, seq: -1 }, 'seq'],
    [{ ...health, seq: Number.MAX_SAFE_INTEGER }, 'seq'],
    [{ ...health, at: Number.NaN }, 'at'],
    [{ ...health, at: '1' }, 'at'],
    [{ ...health, at: -1 }, 'at'],
    [{ ...health, at: 1e16 }, 'at'],
    [{ ...health, detail: 5 }, 'detail'],
    [{ ...goaway, uri: '' }, 'uri'],
    [{ ...goaway, uri: 'https://a.example/\r\nx: y' }, 'uri'],
    [{ ...goaway, at: 1n }, 'at'],
  ])('%o is refused for its %s, and nobody is told', async (draft, part) => {
    const { keeper, clock } = createTestSupervisor();
    const client = inbox();
    keeper.notifier('client', client.deliver);
    expect(() => keeper.broadcast(draft as never)).toThrow(InvalidOptionError);
    expect(() => keeper.broadcast(draft as never)).toThrow(`\`notice.${part}\``);
    keeper.broadcast(health);
    await clock.settle();
    expect([client.said, keeper.phase]).toEqual([['=healthy', 'api=healthy'], 'idle']);
  });

  it('has a detail as every other: one line, without credentials', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.broadcast({ ...health, detail: 'token=abcdef\nagain' });
    await clock.settle();
    expect(of('notice.broadcast').at(-1)?.notice).toMatchObject({ detail: 'token=*** again' });
  });

  it('is read once: what its getters answer later is nobody’s concern', async () => {
    const { keeper, clock } = createTestSupervisor();
    const client = inbox();
    keeper.notifier('client', client.deliver);
    let reads = 0;
    keeper.broadcast({
      type: 'health',
      get topic() {
        reads += 1;
        if (reads > 1) throw new Error('read twice');
        return 'api';
      },
      health: 'healthy',
    });
    await clock.settle();
    expect([client.said.at(-1), keeper.phase]).toEqual(['api=healthy', 'idle']);
  });
});

describe('a deliver function that tells nothing of itself', () => {
  it('is called, and what it throws ends its own client alone', async () => {
    const { keeper, clock } = createTestSupervisor();
    const hostile = new Proxy(() => {}, {
      get() {
        throw new Error('a trap');
      },
      apply() {
        throw new Error('a trap');
      },
    });
    const notifier = keeper.notifier('hostile', hostile);
    await clock.settle();
    expect([await notifier.closed, keeper.phase]).toEqual(['failed', 'idle']);
  });
});

describe('a session or notifier whose own actor crashes', () => {
  it('closes its connection, and is sent nothing more', async () => {
    const failing = () => {
      throw new Error('a defect');
    };
    const charts = compileCharts({
      monitor,
      service,
      supervisor: supervisorMachine,
      session: session.provide({ actions: { reportPeerLeaving: failing } }),
      notifier: notifier.provide({ actions: { reportStall: failing } }),
    });
    const clock = new VirtualClock();
    const keeper = createSupervisorOn(charts, { clock, notifier: { stallAfterMs: 100 } });
    const connection = fakeConnection();
    const crashing = expectReserved(keeper.reserve()).open(connection);
    const client = inbox('hold');
    const stalled = keeper.notifier('client', client.deliver);
    await clock.settle();
    crashing.peerGoaway();
    await clock.advance(100);
    expect([connection.closes, await crashing.closed, await stalled.closed]).toEqual([['failed'], 'failed', 'failed']);
    expect([client.aborted, keeper.stats().sessions.taken, keeper.phase]).toEqual([1, 0, 'idle']);
  });
});
