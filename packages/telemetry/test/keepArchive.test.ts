import { createSupervisor, InvalidOptionError } from '@watchkeeper/core';
import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { type Archive, type ArchiveOptions, keepArchive, keepHistory, type SavedState } from '../src/index.ts';
import { createRecordedSupervisor, everySecond } from './support/recordedSupervisor.ts';

/** An archive in memory that takes `tookMs` for a write, and fails while `state.failing`. */
function memoryArchive(clock: VirtualClock, tookMs = 0) {
  const written: SavedState[] = [];
  const state = { failing: false, closed: 0, underWay: 0, most: 0 };
  const archive: Archive = {
    read: () => written.at(-1),
    async write(saved) {
      state.underWay += 1;
      state.most = Math.max(state.most, state.underWay);
      if (tookMs > 0) await new Promise<void>((resolve) => clock.setTimeout(resolve, tookMs));
      state.underWay -= 1;
      if (state.failing) throw new Error('the disk is full');
      written.push(saved);
    },
    close() {
      state.closed += 1;
    },
  };
  return { written, state, archive };
}

function keepMemoryArchive(options: ArchiveOptions = {}, tookMs = 0) {
  const { keeper, clock } = createRecordedSupervisor();
  const probe = scriptedProbe('+');
  const api = keeper.monitor('api', probe, { ...everySecond, alertAfter: 1 });
  const { archive, written, state } = memoryArchive(clock, tookMs);
  const archiving = keepArchive(keeper, archive, { clock, ...options });
  keeper.start();
  return { keeper, clock, probe, api, archiving, written, state };
}

describe('an archive', () => {
  it('is written at every interval', async () => {
    const { clock, written, archiving } = keepMemoryArchive();
    await clock.advance(59_999);
    expect(written).toEqual([]);
    await clock.advance(1);
    expect(written).toMatchObject([{ supervisor: { monitors: { api: { health: 'healthy' } } } }]);
    await clock.advance(120_000);
    expect([written.length, archiving.saves]).toEqual([3, 3]);
  });

  it('is written soon after an alert was raised or cleared', async () => {
    const { clock, written, probe } = keepMemoryArchive({ urgentMs: 500 });
    const alerts = () => written.map(({ supervisor }) => supervisor.monitors['api']?.alert);
    await clock.advance(10_000);
    probe.rewrite('-+');
    await clock.advance(1_499);
    expect(alerts()).toEqual([]);
    await clock.advance(1);
    expect(alerts()).toEqual(['raised']);
    await clock.advance(1_000);
    expect(alerts()).toEqual(['raised', 'quiet']);
  });

  it('is never written twice at once, and once more for what a slow write missed', async () => {
    const { clock, written, probe, state } = keepMemoryArchive({ urgentMs: 0 }, 2_500);
    await clock.advance(10_000);
    probe.rewrite('-+');
    await clock.advance(6_500);
    expect(written.map(({ supervisor }) => supervisor.monitors['api']?.alert)).toEqual(['raised', 'quiet']);
    expect(state.most).toBe(1);
  });

  it('reports why a write failed, and tries again', async () => {
    const causes: unknown[] = [];
    const { clock, written, state, archiving } = keepMemoryArchive({ onFailure: (cause) => causes.push(cause) });
    state.failing = true;
    await clock.advance(60_000);
    expect(causes).toMatchObject([{ message: 'the disk is full' }]);
    state.failing = false;
    await clock.advance(60_000);
    expect([written.length, archiving.failures, archiving.saves]).toEqual([1, 1, 1]);
  });

  it('is not harmed by a listener of failures that throws', async () => {
    const { clock, written, state } = keepMemoryArchive({
      onFailure: () => {
        throw new Error('not me too');
      },
    });
    state.failing = true;
    await clock.advance(60_000);
    state.failing = false;
    await clock.advance(60_000);
    expect(written).toHaveLength(1);
  });

  it('is written once more and released when closed, and leaves no timer', async () => {
    const { clock, written, archiving, state, keeper } = keepMemoryArchive();
    await clock.advance(1_000);
    await archiving.close();
    await archiving[Symbol.asyncDispose]();
    expect([written.length, state.closed]).toEqual([1, 1]);
    await keeper.stop();
    await clock.settle();
    expect([written.length, clock.pending]).toEqual([1, 0]);
  });

  it('is written at once when closed while a write is due soon', async () => {
    const { clock, written, archiving, probe } = keepMemoryArchive();
    await clock.settle();
    probe.rewrite('-');
    await clock.advance(1_500);
    await archiving.close();
    expect(written.map(({ supervisor }) => supervisor.monitors['api']?.alert)).toEqual(['raised']);
  });

  it('ends even where neither the last write nor the release works', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    keeper.monitor('api', scriptedProbe('+'), everySecond);
    const broken = () => Promise.reject(new Error('gone'));
    const archiving = keepArchive(keeper, { read: () => undefined, write: broken, close: broken }, { clock });
    await archiving.close();
    expect(archiving.failures).toBe(2);
  });

  it('closes after the write under way when told in the middle of it', async () => {
    const { clock, written, archiving, state } = keepMemoryArchive({}, 1_000);
    await clock.advance(60_500);
    const closed = archiving.close();
    await clock.advance(2_000);
    await closed;
    expect([written.length, state.closed, state.most]).toEqual([2, 1, 1]);
  });

  it('keeps what was known when the drain began, not the monitors that it ended', async () => {
    const { clock, keeper, written, state } = keepMemoryArchive();
    await clock.advance(5_000);
    await keeper.drain();
    await clock.settle();
    expect(written.at(-1)?.supervisor.monitors).toMatchObject({ api: { health: 'healthy' } });
    expect(state.closed).toBe(1);
  });

  it('keeps what was known when the drain began, even while a slow write is under way', async () => {
    const { clock, keeper, written, probe } = keepMemoryArchive({}, 2_500);
    await clock.advance(60_000);
    probe.rewrite('-');
    await clock.advance(1_200);
    const drained = keeper.drain({ noticeMs: 0, graceMs: 0 });
    await clock.advance(10_000);
    await drained;
    expect(written.map(({ supervisor: { monitors } }) => monitors['api']?.health)).toEqual(['healthy', 'unhealthy']);
  });

  it.each(['drain', 'stop'] as const)(
    'keeps what was known when a %s began, although many deliveries go before its events',
    async (end) => {
      const { clock, keeper, written, api, probe, state } = keepMemoryArchive();
      for (let client = 0; client < 300; client++) keeper.notifier(`client ${client}`, () => {});
      await clock.advance(5_000);
      probe.rewrite('-');
      const ended = new Promise((resolve) => {
        const subscription = api.health$.subscribe((health) => {
          if (health !== 'unhealthy') return;
          subscription.unsubscribe();
          resolve(keeper[end]({ graceMs: 0 }));
        });
      });
      await clock.advance(1_000);
      await ended;
      await clock.settle();
      expect(written.at(-1)?.supervisor.monitors).toMatchObject({ api: { health: 'unhealthy', alert: 'raised' } });
      expect([written.length, state.closed]).toEqual([1, 1]);
    },
  );

  it('keeps what was written last when the supervisor is stopped at once', async () => {
    const { clock, keeper, written } = keepMemoryArchive();
    await clock.advance(60_000);
    await keeper.stop();
    await clock.settle();
    expect(written.at(-1)?.supervisor.monitors).toMatchObject({ api: { health: 'healthy' } });
  });

  it('is not overwritten by a program that has no monitors yet', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { archive, written } = memoryArchive(clock);
    keepArchive(keeper, archive, { clock });
    await clock.advance(60_000);
    expect(written).toEqual([]);
  });

  it('carries uptime, streaks and alerts over a restart, without a second alert for one outage', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { archive } = memoryArchive(clock);
    const history = keepHistory(keeper, { clock });
    keepArchive(keeper, archive, { history, clock });
    const options = { ...everySecond, alertAfter: 3, failureThreshold: 1 };
    keeper.monitor('api', scriptedProbe(`${'+'.repeat(30)}-`), options);
    keeper.start();
    await clock.advance(40_000);
    const before = history.report('api', '5m');

    const later = new VirtualClock({ epochMs: clock.now() + 30_000 });
    const saved = archive.read();
    const next = createSupervisor({ clock: later, resume: saved?.supervisor });
    const alerts: string[] = [];
    next.events$.subscribe(({ type }) => type.startsWith('alert.') && alerts.push(type));
    const resumed = keepHistory(next, { clock: later, resume: saved?.history });
    const api = next.monitor('api', scriptedProbe('--+'), options);
    next.start();
    await later.settle();
    expect(api.status).toMatchObject({ health: 'unhealthy', alerting: true });
    expect(api.status.failures).toBeGreaterThan(3);
    await later.advance(5_000);
    expect(alerts).toEqual(['alert.cleared']);
    expect(before?.uptime).toBeGreaterThan(0.7);
    expect(resumed.report('api', '5m')?.upMs).toBeGreaterThan(25_000);
    expect(resumed.report('api', '5m')?.downMs).toBeGreaterThan(0);
  });

  it('refuses what is no archive, and options that break their rule', () => {
    const { keeper, clock } = createRecordedSupervisor();
    expect(() => keepArchive(keeper, {} as never)).toThrow(InvalidOptionError);
    expect(() => keepArchive(keeper, memoryArchive(clock).archive, { intervalMs: 0 })).toThrow(InvalidOptionError);
  });
});
