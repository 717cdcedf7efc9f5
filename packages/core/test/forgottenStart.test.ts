import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { summaryOf } from '../src/events/eventTable.ts';
import { createSupervisor, InvalidOptionError } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

const untilStopped = async ({ signal }: { readonly signal: AbortSignal }) => {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
};

describe('a start that nobody asks for', () => {
  it('is told once, a second after the first monitor was made', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    await clock.advance(5_000);
    keeper.monitor('api', scriptedProbe('+'));
    await clock.advance(500);
    keeper.service('worker', untilStopped);
    await clock.advance(499);
    expect(of('start.missing')).toEqual([]);
    await clock.advance(1);
    const told = { type: 'start.missing', monitors: 1, services: 1, at: clock.now() };
    expect([of('start.missing'), clock.pending]).toEqual([[told], 0]);
    expect(of('start.missing').map(summaryOf)).toEqual([
      'start() was not called; it is waited for: monitors 1, services 1',
    ]);
    keeper.monitor('later', scriptedProbe('+'));
    await clock.advance(5_000);
    expect([of('start.missing').length, clock.pending]).toEqual([1, 0]);
  });

  it.each(['service', 'composite'] as const)('is told where only a %s waits', async (kind) => {
    const { keeper, clock, of } = createTestSupervisor();
    if (kind === 'service') keeper.service('worker', untilStopped);
    else keeper.composite('all', { of: { tag: 'shop' }, need: 'all' });
    await clock.advance(1_000);
    expect(of('start.missing').length).toBe(1);
  });

  it('is no matter where nothing waits for it any more, and again one where something does', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.monitor('api', scriptedProbe('+')).stop();
    await clock.advance(1_000);
    expect([of('start.missing'), clock.pending]).toEqual([[], 0]);
    keeper.monitor('db', scriptedProbe('+'));
    await clock.advance(1_000);
    expect(of('start.missing').length).toBe(1);
  });

  it.each(['start', 'drain', 'stop'] as const)('leaves no timer and says nothing after %s()', async (call) => {
    const { keeper, clock, of } = createTestSupervisor();
    const monitor = keeper.monitor('api', scriptedProbe('+'));
    expect(clock.pending).toBe(1);
    void keeper[call]();
    if (call === 'start') monitor.stop();
    await clock.settle();
    expect(clock.pending).toBe(0);
    await clock.advance(2_000);
    expect(of('start.missing')).toEqual([]);
    await keeper.stop();
  });

  it('is waited for still when start() refuses', async () => {
    const { keeper, clock, of } = createTestSupervisor({ drain: { graceMs: 0, deadlineMs: 1_000 } });
    keeper.service('worker', untilStopped, { shutdownMs: 5_000 });
    expect(() => keeper.start()).toThrow(InvalidOptionError);
    await clock.advance(1_000);
    expect(of('start.missing').length).toBe(1);
  });

  it('keeps no program alive on the clock of the system', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    await using keeper = createSupervisor();
    const before = timers();
    keeper.monitor('api', scriptedProbe('+'));
    expect(timers()).toBe(before);
  });
});

describe('a start that comes too late', () => {
  it('does nothing and is an event while the supervisor drains (INV-75)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const probe = scriptedProbe('+');
    keeper.monitor('api', probe);
    const release = keeper.holdDrain('boot');
    const drained = keeper.drain();
    expect(keeper.startIgnored).toBe(false);
    keeper.start();
    await clock.settle();
    expect([keeper.phase, probe.asked, keeper.startIgnored]).toEqual(['draining', 0, true]);
    expect(of('start.ignored')).toEqual([{ type: 'start.ignored', phase: 'draining', at: clock.now() }]);
    expect(of('start.ignored').map(summaryOf)).toEqual(['start() does nothing any more: draining']);
    release();
    expect((await drained).reason).toBe('drained');
  });

  it.each(['drain', 'stop'] as const)('does nothing and throws nothing after %s() (INV-75)', async (call) => {
    const { keeper, of } = createTestSupervisor();
    keeper.service('worker', untilStopped, { shutdownMs: 60_000 });
    await keeper[call]();
    keeper.start();
    expect([keeper.phase, keeper.startIgnored, of('supervisor.started')]).toEqual(['stopped', true, []]);
  });
});
