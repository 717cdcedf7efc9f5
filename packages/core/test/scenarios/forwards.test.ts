import { fakeConnection, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createSupervisor, DuplicateIdError, InvalidOptionError, type Monitor } from '../../src/index.ts';
import { createTestSupervisor, expectReserved, startMonitor } from '../support/testSupervisor.ts';

describe("what kportal's manager was tested for", () => {
  it('NilConfig: options that are none are refused, and none at all are the defaults', () => {
    expect(() => createSupervisor(null as never)).toThrow(InvalidOptionError);
    expect(createSupervisor().name).toBe('watchkeeper');
  });

  it('EmptyConfig: a supervisor of nothing runs, is ready and ends', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.start();
    expect([keeper.health, keeper.planes.ready]).toEqual(['healthy', true]);
    const ended = keeper.stop();
    await clock.settle();
    expect(await ended).toMatchObject({ durationMs: 0, unfinished: [] });
  });

  it('PortConflict, DuplicateStart: an id that runs is refused, and its monitor is not disturbed', async () => {
    const { keeper, clock, monitor, probe } = startMonitor('+');
    await clock.settle();
    expect(() => keeper.monitor('api', scriptedProbe('-'))).toThrow(DuplicateIdError);
    await clock.advance(1_000);
    expect([monitor.health, monitor.status.epoch, probe.asked]).toEqual(['healthy', 1, 2]);
  });

  it.each([1, 16])('Stop: asked %i times at once, with many at work, is one stop', async (callers) => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.start();
    for (let index = 0; index < 40; index++) keeper.monitor(`t${index}`, scriptedProbe('?'));
    for (let index = 0; index < 40; index++) expectReserved(keeper.reserve()).open(fakeConnection());
    await clock.settle();
    const reports = Promise.all(Array.from({ length: callers }, () => keeper.stop()));
    await clock.settle();
    expect(new Set(await reports).size).toBe(1);
    expect([of('drain.ended').length, [...keeper.actors()].length, clock.pending]).toEqual([1, 1, 0]);
  });

  it('StopTimeout: one that hangs is waited for only so long, and named', async () => {
    const { keeper, clock } = createTestSupervisor({ closeTimeoutMs: 3_000 });
    expectReserved(keeper.reserve()).open(fakeConnection({ closing: 'hang' }));
    const ended = keeper.stop();
    await clock.advance(3_000);
    expect(await ended).toMatchObject({ durationMs: 3_000, unfinished: ['session 1'] });
  });

  it('Reload: removes, keeps unchanged, updates and adds, and everything else goes on', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.start();
    const probes = { gone: scriptedProbe('+'), kept: scriptedProbe('+'), changed: scriptedProbe('+') };
    for (const [id, probe] of Object.entries(probes)) keeper.monitor(id, probe, { intervalMs: 1_000, jitter: 0 });
    const session = expectReserved(keeper.reserve()).open(fakeConnection());
    await clock.settle();
    keeper.monitorOf('gone')?.stop();
    keeper.monitorOf('changed')?.update({ intervalMs: 100 });
    keeper.monitor('added', scriptedProbe('+'));
    await clock.advance(1_000);
    expect(keeper.statuses().map(({ id, epoch }) => [id, epoch])).toEqual([
      ['kept', 1],
      ['changed', 2],
      ['added', 1],
    ]);
    expect([probes.gone.asked, probes.kept.asked, probes.changed.asked > 8]).toEqual([1, 2, true]);
    expect(of('health.changed').flatMap(({ id, to }) => (id === 'kept' ? [to] : []))).toEqual(['starting', 'healthy']);
    expect(session.state).toBe('open');
  });

  it('ReloadConflict: a change that breaks a rule changes nothing', async () => {
    const { clock, monitor } = startMonitor('+');
    await clock.settle();
    const before = monitor.status;
    expect(() => monitor.update({ intervalMs: 100, timeoutMs: 0 })).toThrow('monitor.timeoutMs');
    expect(monitor.status).toEqual(before);
  });

  it('Enable, Disable: a disabled one is shown as such and not asked; enabled twice is enabled', async () => {
    const { clock, monitor, probe } = startMonitor('+');
    await clock.settle();
    monitor.pause();
    await clock.advance(60_000);
    expect([monitor.health, probe.asked]).toEqual(['paused', 1]);
    monitor.resume();
    monitor.resume();
    await clock.settle();
    expect([monitor.health, probe.asked]).toEqual(['healthy', 2]);
  });

  it('StopInternal: one is removed, the others are kept, and removing what is gone does nothing', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.start();
    const all = ['a', 'b'].map((id): Monitor => keeper.monitor(id, scriptedProbe('+')));
    await clock.settle();
    all[0]?.stop();
    all[0]?.stop();
    await clock.settle();
    expect([keeper.statuses().map(({ id }) => id), keeper.monitorOf('missing')]).toEqual([['b'], undefined]);
  });

  it('StaleWithoutRetry: stale by itself connects nothing again', async () => {
    const { clock, monitor, of } = startMonitor('-', { maxIdleMs: 1_500 });
    await clock.advance(600_000);
    expect([monitor.health, of('health.changed').map(({ to }) => to)]).toEqual([
      'stale',
      ['starting', 'unhealthy', 'stale'],
    ]);
  });
});

describe("what kportal's worker was tested for", () => {
  it('SignalConnectionSuccess: a mark never waits, however many are given', async () => {
    const { clock, monitor, probe } = startMonitor('?');
    for (let turn = 0; turn < 1_000; turn++) monitor.markConnected();
    await clock.settle();
    expect(probe.running).toBe(1);
  });

  it('TriggerReconnect: cancels the attempt under way, and another while one is pending is the same', async () => {
    const { clock, monitor, probe, of } = startMonitor('?');
    await clock.settle();
    for (let turn = 0; turn < 16; turn++) monitor.markReconnecting();
    await clock.settle();
    expect([probe.aborted, monitor.health]).toEqual([1, 'reconnecting']);
    expect(of('health.changed').filter(({ to }) => to === 'reconnecting')).toHaveLength(1);
  });

  it('IsAlive, IsRunning: what runs is found by its id, and what ended is not', async () => {
    const { keeper, clock, monitor } = startMonitor('+');
    expect(keeper.monitorOf('api')?.id).toBe('api');
    monitor.stop();
    await clock.settle();
    expect([keeper.monitorOf('api'), monitor.health]).toEqual([undefined, 'stopped']);
  });

  it('DoneDespitePanic: what a probe throws while it is being cut off is lost with it', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.start();
    const monitor = keeper.monitor('api', async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new Error('panic in the cleanup');
    });
    await clock.settle();
    monitor.stop();
    await clock.settle();
    expect([of('actor.ended').length, of('check.failed'), of('actor.failed')]).toEqual([1, [], []]);
  });
});

describe("what GoDoxy's notifier was tested for", () => {
  it('ContextsIsolated, NotVisibleOutsideContext: what one supervisor tells, no other does', async () => {
    const [one, other] = [createTestSupervisor(), createTestSupervisor()];
    const heard: string[] = [];
    one.keeper.notifier('a', () => void heard.push('one'));
    other.keeper.notifier('a', () => void heard.push('other'));
    await one.clock.settle();
    heard.length = 0;
    one.keeper.broadcast({ type: 'health', topic: 'api', health: 'healthy' });
    await one.clock.settle();
    expect([heard, other.of('notice.broadcast')]).toEqual([['one'], []]);
  });

  it('ReturnsWhenCancelled, ReturnsWhenClosed, NoRaceWithClose: a hundred senders beside a stop all return', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.notifier('a', () => new Promise(() => {}));
    const send = async (turn: number) => {
      if (turn === 50) void keeper.stop();
      keeper.broadcast({ type: 'health', topic: `t${turn}`, health: 'healthy' });
    };
    await Promise.all(Array.from({ length: 100 }, (_, turn) => send(turn)));
    await clock.advance(60_000);
    expect([keeper.phase, of('actor.failed'), clock.pending]).toEqual(['stopped', [], 0]);
  });
});
