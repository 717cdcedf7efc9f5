import { fakeConnection, inbox, scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createTestSupervisor, expectReserved, startMonitor } from '../support/testSupervisor.ts';
import { GoChecker } from './goChecker.ts';
import { GoHub } from './goHub.ts';
import { GoMonitor } from './goMonitor.ts';
import { GoRelay } from './goRelay.ts';
import { type Code, GoStreams } from './goStreams.ts';

describe('a stream whose key another takes over (INV-6, INV-7, INV-76)', () => {
  it('in arke floods its client with false OK, closes its channel twice and unregisters its successor', async () => {
    const streams = new GoStreams();
    const heard: Code[] = [];
    const first = streams.register('10.0.0.7:1');
    const over = streams.serve(
      '10.0.0.7:1',
      first,
      (code) => heard.push(code),
      () => heard.length === 1_000,
    );
    streams.register('10.0.0.7:1');
    await expect(over).rejects.toThrow('close of closed channel');
    expect(heard).toEqual(Array(1_000).fill('OK'));
    expect(streams.registry.has('10.0.0.7:1')).toBe(false);
  });

  it('here hears nothing more, ends once, and leaves its successor alone', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const [first, second] = [inbox(), inbox()];
    const old = keeper.notifier('10.0.0.7:1', first.deliver);
    await clock.settle();
    const heard = first.said.length;
    keeper.notifier('10.0.0.7:1', second.deliver);
    expect(await old.closed).toBe('replaced');
    old.close();
    keeper.broadcast({ type: 'goaway', reason: 'scale-up', graceMs: 0 });
    await clock.settle();
    expect([first.said.length, second.said.at(-1)]).toEqual([heard, 'goaway']);
    expect(of('actor.ended').map(({ reason }) => reason)).toEqual(['replaced', 'goaway']);
  });
});

describe('a client that leaves during a broadcast (INV-2, INV-20, INV-76)', () => {
  it('in the hub ends the loop, and with it everybody', () => {
    const hub = new GoHub();
    const [leaving, staying] = [hub.connect(), hub.connect()];
    hub.readerEnds(leaving);
    expect(() => hub.broadcast('news')).toThrow('send on closed channel');
    expect(staying.length).toBe(0);
    hub.unregister(leaving);
    hub.broadcast('too late: the loop had ended');
    expect(staying.length).toBe(1);
  });

  it('here concerns nobody else, at whichever moment it leaves', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const staying = inbox();
    keeper.notifier('staying', staying.deliver);
    for (const moment of ['before', 'during', 'after'] as const) {
      const leaving = keeper.notifier('leaving', () => {
        if (moment === 'during') leaving.close();
      });
      if (moment === 'before') leaving.close();
      keeper.broadcast({ type: 'health', topic: moment, health: 'healthy' });
      if (moment === 'after') leaving.close();
      await clock.settle();
      expect(await leaving.closed).toBe('peer');
    }
    expect(staying.said).toEqual(['=healthy', 'before=healthy', 'during=healthy', 'after=healthy']);
    expect([of('actor.failed'), keeper.stats().notifiers.open]).toEqual([[], 1]);
  });
});

describe('a straggler, late in a shutdown of 1000 ms grace and 1200 ms in all (INV-28, INV-76)', () => {
  it('in the relay is given a grace of its own, and the stop takes nearly twice as long', async () => {
    const clock = new VirtualClock();
    const relay = new GoRelay(clock, 1_000);
    const startedAt = clock.now();
    const stopped = relay.stop(1_200).then(() => clock.now() - startedAt);
    await clock.advance(900);
    relay.addSession();
    await clock.advance(10_000);
    expect(await stopped).toBe(1_900);
  });

  it('here is given what is left of the one grace', async () => {
    const { keeper, clock } = createTestSupervisor();
    const late = expectReserved(keeper.reserve());
    const early = fakeConnection();
    expectReserved(keeper.reserve()).open(early);
    const report = keeper.drain({ graceMs: 1_000, deadlineMs: 1_200 });
    await clock.advance(900);
    const connection = fakeConnection();
    late.open(connection);
    await clock.advance(10_000);
    expect(await report).toMatchObject({ durationMs: 1_000, sessions: { total: 2, forced: 2, stragglers: 1 } });
    expect(connection.goaways).toMatchObject([{ graceMs: 100 }]);
    expect([early.closes, connection.closes]).toEqual([['forced'], ['forced']]);
  });
});

describe('the result of a check that was overtaken (INV-45, INV-76)', () => {
  it('in kportal overwrites the newer mark, and speaks for another registration', async () => {
    const checker = new GoChecker();
    const works = async () => true;
    checker.register('db');
    const marked = checker.check('db', works);
    checker.markReconnecting('db');
    await marked;
    expect(checker.statusOf('db')).toBe('Active');
    const replaced = checker.check('db', works);
    checker.unregister('db');
    checker.register('db');
    await replaced;
    expect(checker.statusOf('db')).toBe('Active');
  });

  it('here is never heard of', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.start();
    const old = keeper.monitor('db', scriptedProbe('+', { latencyMs: 100, clock }));
    await clock.advance(50);
    old.markReconnecting();
    await clock.advance(100);
    expect(old.health).toBe('reconnecting');
    old.markConnected();
    await clock.advance(50);
    old.stop();
    await clock.settle();
    const next = keeper.monitor('db', scriptedProbe('-', { latencyMs: 500, clock }));
    await clock.advance(400);
    expect(next.health).toBe('starting');
    await clock.advance(100);
    expect([next.health, of('verdict.judged').map(({ verdict }) => verdict.status)]).toEqual(['unhealthy', ['fail']]);
  });
});

describe('a check that breaks for a while (INV-63, INV-76)', () => {
  it('in GoDoxy ends the monitor at the fifth time, and nobody asks again', async () => {
    const clock = new VirtualClock();
    let breaks = true;
    const monitor = new GoMonitor(clock, 1_000, async () => {
      if (breaks) throw new Error('no such host');
      return true;
    });
    await clock.advance(10_000);
    breaks = false;
    await clock.advance(3_600_000);
    expect([monitor.status, monitor.asked, clock.pending]).toEqual(['error', 5, 0]);
  });

  it('here is shown as an error, asked more slowly, and forgotten once it works', async () => {
    const { clock, monitor, probe } = startMonitor('!', { errorIntervalMs: 5_000 });
    await clock.advance(10_000);
    expect([monitor.health, probe.asked]).toEqual(['error', 6]);
    probe.rewrite('+');
    await clock.advance(5_000);
    expect(monitor.health).toBe('healthy');
  });
});
