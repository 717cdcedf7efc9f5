import { createSupervisor, InvalidOptionError, type SupervisorEvent } from '@watchkeeper/core';
import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { historyBytesPerMonitor, historyWindows, keepHistory, windowMs } from '../src/index.ts';
import { createRecordedSupervisor, everySecond } from './support/recordedSupervisor.ts';

const minuteMs = 60_000;

describe('a history', () => {
  it('tells uptime as a share of the time that is known, over each window', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const history = keepHistory(keeper, { clock });
    const probe = scriptedProbe('+');
    const api = keeper.monitor('api', probe, everySecond);
    keeper.start();
    await clock.advance(3 * minuteMs);
    probe.rewrite('-');
    api.check();
    await clock.advance(minuteMs);
    api.pause();
    await clock.advance(minuteMs / 2);
    for (const window of historyWindows) {
      const report = history.report('api', window);
      expect(report).toMatchObject({ window, upMs: 3 * minuteMs, downMs: minuteMs, uptime: 0.75, to: clock.now() });
      expect(history.uptime('api', window)).toBe(0.75);
      const summed = history.bins('api', window).reduce((total, { upMs }) => total + upMs, 0);
      expect(summed).toBe(3 * minuteMs);
    }
  });

  it('forgets what is older than its window, and keeps it in the longer ones', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const history = keepHistory(keeper, { clock });
    const probe = scriptedProbe('-');
    const api = keeper.monitor('api', probe, { intervalMs: minuteMs, jitter: 0 });
    keeper.start();
    await clock.advance(10 * minuteMs);
    probe.rewrite('+');
    api.check();
    await clock.advance(6 * minuteMs);
    expect(history.report('api', '5m')?.uptime).toBe(1);
    expect(history.report('api', '1h')?.uptime).toBeCloseTo(6 / 16, 6);
    expect(history.report('api', '5m')?.upMs).toBeLessThanOrEqual(windowMs['5m']);
    expect(history.bins('api', '5m')).toHaveLength(100);
  });

  it('sums up how fast the target answered, and not how long it did not', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const history = keepHistory(keeper, { clock });
    keeper.monitor('api', scriptedProbe('++-', { latencyMs: 30, clock }), everySecond);
    keeper.monitor('mute', scriptedProbe('?'), everySecond);
    keeper.start();
    await clock.advance(10_000);
    expect(history.report('api', '5m')?.latency).toMatchObject({ p50Ms: 30, p99Ms: 30, maxMs: 30 });
    expect(history.report('mute', '5m')).toMatchObject({ uptime: 0 });
    expect(history.report('mute', '5m')?.latency).toBeUndefined();
  });

  it('counts a monitor that crashed as down, and one that ended or was given up as unknown', () => {
    const events$ = new Subject<SupervisorEvent>();
    let now = 1_000_000;
    const history = keepHistory({ events$, statuses: () => [] }, { clock: { now: () => now } });
    const tell = (event: Record<string, unknown>) => events$.next({ ...event, at: now } as SupervisorEvent);
    const change = { type: 'health.changed', from: 'starting', to: 'healthy' };
    for (const id of ['ended', 'escalated']) {
      tell({ ...change, id });
      now += 1_000;
      tell({ type: 'actor.failed', kind: 'notifier', id, cause: 0 });
      now += 1_000;
      tell({ type: 'actor.failed', kind: 'monitor', id, cause: 0 });
      now += 500;
      tell(id === 'ended' ? { type: 'actor.ended', kind: 'monitor', id } : { type: 'supervisor.escalated', id });
      now += 1_000;
      tell({ type: 'actor.ended', kind: 'session', id });
      expect(history.report(id, '5m')).toMatchObject({ upMs: 2_000, downMs: 500 });
    }
  });

  it('begins with what monitors are when it begins', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    keeper.monitor('api', scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.advance(1_000);
    const history = keepHistory(keeper, { clock });
    await clock.advance(500);
    expect(history.report('api', '5m')).toMatchObject({ upMs: 500, uptime: 1 });
  });

  it('goes on in a later program, and knows nothing of the time between', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const history = keepHistory(keeper, { clock });
    keeper.monitor('api', scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.advance(minuteMs);
    const written = JSON.stringify(history.snapshot());

    const later = new VirtualClock({ epochMs: clock.now() + minuteMs });
    const next = createSupervisor({ clock: later });
    const resumed = keepHistory(next, { clock: later, resume: JSON.parse(written) });
    expect(resumed.report('api', '5m')).toMatchObject({ upMs: minuteMs, downMs: 0 });
    next.monitor('api', scriptedProbe('-'), everySecond);
    next.start();
    await later.advance(minuteMs);
    expect(resumed.report('api', '5m')).toMatchObject({ upMs: minuteMs, downMs: minuteMs, uptime: 0.5 });
  });

  it('does not take up a history of the future or of another shape', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const history = keepHistory(keeper, { clock });
    keeper.monitor('api', scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.advance(30_000);
    const { api = '', ...none } = history.snapshot().monitors;
    expect(none).toEqual({});
    const resumedAt = (epochMs: number, written: string) => {
      const later = new VirtualClock({ epochMs });
      const resume = { version: 1, at: 0, monitors: { api: written } } as const;
      return keepHistory(createSupervisor({ clock: later }), { clock: later, resume }).report('api', '5m');
    };
    expect(resumedAt(clock.now(), api)).toMatchObject({ uptime: 1 });
    expect(resumedAt(clock.now() - 24 * 60 * minuteMs, api)).toBeUndefined();
    expect(resumedAt(clock.now(), 'AAAA')).toBeUndefined();
  });

  it('takes the same memory for ever, of so many monitors and no more', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const history = keepHistory(keeper, { clock, maxMonitors: 2 });
    for (const id of ['a', 'b', 'c']) keeper.monitor(id, scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.advance(1_000);
    expect(history.report('c', '5m')).toBeUndefined();
    expect(history.leftOut).toBe(1);
    keeper.monitorOf('a')?.stop();
    await clock.settle();
    expect(history.report('a', '5m')).toMatchObject({ uptime: 1 });
    keeper.monitor('d', scriptedProbe('+'), everySecond);
    await clock.settle();
    expect(history.report('a', '5m')).toBeUndefined();
    expect(history.report('d', '5m')).toBeDefined();
    keeper.monitorOf('b')?.stop();
    keeper.monitorOf('c')?.pause();
    await clock.settle();
    expect(history.report('c', '5m')).toBeDefined();
    expect(history.leftOut).toBe(0);
    const bytes = Object.values(history.snapshot().monitors).map((text) => Buffer.from(text, 'base64').length);
    expect(bytes).toEqual([historyBytesPerMonitor, historyBytesPerMonitor]);
    expect(historyBytesPerMonitor).toBe(6_020);
  });

  it('refuses a window and options that are none', () => {
    const { keeper } = createRecordedSupervisor();
    const history = keepHistory(keeper);
    expect(() => history.report('api', '2h' as never)).toThrow(InvalidOptionError);
    expect(() => keepHistory(keeper, { maxMonitors: 0 })).toThrow(InvalidOptionError);
    expect(() => keepHistory(keeper, { resume: { version: 2 } as never })).toThrow(InvalidOptionError);
  });

  it('stops recording once closed', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const history = keepHistory(keeper, { clock });
    history.close();
    keeper.monitor('api', scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.advance(1_000);
    expect(history.report('api', '5m')).toBeUndefined();
  });
});
