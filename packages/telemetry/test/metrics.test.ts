import { spawnSync } from 'node:child_process';
import { InvalidOptionError, type SupervisorStats } from '@watchkeeper/core';
import { inbox, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics, keepHistory, type MetricsOptions, openMetricsText, prometheusText } from '../src/index.ts';
import { readExposition } from './support/readExposition.ts';
import { createRecordedSupervisor, everySecond } from './support/recordedSupervisor.ts';

const quiet: MetricsOptions = { eventLoopSampleMs: 0 };

/** A supervisor that has seen a bit of everything, and its metrics. */
async function lively(options: MetricsOptions = quiet) {
  const kept = createRecordedSupervisor({
    name: 'orders',
    maxSessions: 1,
    notifier: { stallAfterMs: 100, evictAfterMs: 200 },
  });
  const { keeper, clock } = kept;
  const history = keepHistory(keeper, { clock });
  const metrics = createMetrics(keeper, { history, ...options });
  keeper.monitor('api', scriptedProbe('+-!+', { latencyMs: 20, clock }), everySecond);
  keeper.monitor('odd "one"\\\n', scriptedProbe('~'), everySecond);
  keeper.notifier('slow', inbox('hold').deliver);
  keeper.notifier('fast', inbox().deliver);
  keeper.reserve();
  keeper.reserve();
  keeper.start();
  await clock.advance(2_500);
  const sample = (name: string, labels: Record<string, string> = {}) =>
    readExposition(prometheusText(metrics.families()).body).find(
      (one) => one.name === name && Object.entries(labels).every(([label, text]) => one.labels[label] === text),
    )?.value;
  return { ...kept, metrics, sample };
}

/** Every number in an object, by its path. */
function numbersIn(value: unknown, path = ''): [path: string, value: number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => numbersIn(inner, `${path}.${name}`));
}

describe('the metrics of a supervisor', () => {
  it('say whom the drain ended against their will, by kind, once it is over', async () => {
    const { keeper, clock, sample } = await lively();
    expect(sample('watchkeeper_drain_forced', { kind: 'notifier' })).toBeUndefined();
    const drained = keeper.drain({ graceMs: 0 });
    await clock.advance(5_000);
    const { sessions, notifiers } = await drained;
    await clock.settle();
    expect(notifiers.evicted).toBeGreaterThan(0);
    expect(sample('watchkeeper_drain_forced', { kind: 'notifier' })).toBe(notifiers.evicted);
    expect(sample('watchkeeper_drain_forced', { kind: 'session' })).toBe(sessions.forced);
  });

  it('show every number of its stats, so that no new loss count can be forgotten (INV-77)', () => {
    const { keeper } = createRecordedSupervisor();
    let serial = 1_000;
    // Each number is one of its own, so that finding it says that this very one is shown.
    const marked = JSON.parse(JSON.stringify(keeper.stats()), (_, value) =>
      typeof value === 'number' ? serial++ : value,
    ) as SupervisorStats;
    const metrics = createMetrics(
      { ...keeper, events$: keeper.events$, statuses: () => [], stats: () => marked, stalenessMs: () => 999_125 },
      quiet,
    );
    const shown = new Set(readExposition(prometheusText(metrics.families()).body).map(({ value }) => value));
    const numbers = numbersIn(marked);
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers.filter(([, value]) => !shown.has(value))).toEqual([]);
    expect(shown).toContain(999.125);
  });

  it('show each target as the blackbox exporter would, and its health as one state of all', async () => {
    const { sample } = await lively();
    expect(sample('probe_success', { monitor: 'api' })).toBe(0);
    expect(sample('probe_success', { monitor: 'odd "one"\\\n' })).toBe(1);
    expect(sample('probe_duration_seconds', { monitor: 'api' })).toBe(0.02);
    expect(sample('watchkeeper_monitor_health', { monitor: 'api', state: 'unhealthy' })).toBe(1);
    expect(sample('watchkeeper_monitor_health', { monitor: 'api', state: 'healthy' })).toBe(0);
    expect(sample('watchkeeper_monitor_consecutive_failures', { monitor: 'api' })).toBe(2);
    expect(sample('watchkeeper_monitor_uptime_ratio', { monitor: 'api', window: '5m' })).toBeCloseTo(1_020 / 2_480, 6);
  });

  it('count checks by outcome, drops by reason and everything by its kind', async () => {
    const { sample, events } = await lively();
    expect(sample('watchkeeper_check_duration_seconds_count', { outcome: 'pass' })).toBe(1);
    expect(sample('watchkeeper_check_duration_seconds_count', { outcome: 'error' })).toBe(1);
    expect(sample('watchkeeper_check_duration_seconds_sum', { outcome: 'fail' })).toBe(0.02);
    expect(sample('watchkeeper_drops_total', { reason: 'stalled' })).toBeGreaterThan(0);
    expect(sample('watchkeeper_actors_ended_total', { kind: 'notifier', reason: 'stalled' })).toBe(1);
    expect(sample('watchkeeper_admissions_refused_total')).toBe(1);
    const judged = events.filter(({ type }) => type === 'verdict.judged').length;
    expect(sample('watchkeeper_events_total', { type: 'verdict.judged' })).toBe(judged);
  });

  it('measure how long a change takes to reach the last client', async () => {
    const { keeper, clock, sample } = await lively();
    const before = sample('watchkeeper_convergence_seconds_count') ?? 0;
    const slow = inbox('hold');
    keeper.notifier('another', slow.deliver, { topics: ['x'] });
    await clock.settle();
    keeper.broadcast({ type: 'health', topic: 'x', health: 'unhealthy' });
    await clock.advance(70);
    slow.release();
    await clock.settle();
    expect(sample('watchkeeper_convergence_seconds_count')).toBe(before + 1);
    expect(sample('watchkeeper_convergence_seconds_sum')).toBeGreaterThanOrEqual(0.07);
  });

  it('give series of their own to so many monitors and no more, and count the others', async () => {
    const { sample } = await lively({ ...quiet, maxMonitors: 1 });
    expect(sample('probe_success', { monitor: 'api' })).toBe(0);
    expect(sample('probe_success', { monitor: 'odd "one"\\\n' })).toBeUndefined();
    expect(sample('watchkeeper_monitors_left_out')).toBe(1);
    expect(sample('watchkeeper_monitors')).toBe(2);
  });

  it('forget a monitor that ended', async () => {
    const { keeper, clock, sample } = await lively();
    keeper.monitorOf('api')?.stop();
    await clock.settle();
    expect(sample('probe_success', { monitor: 'api' })).toBeUndefined();
    keeper.monitor('api', scriptedProbe('?'), everySecond);
    expect(sample('probe_duration_seconds', { monitor: 'api' })).toBeUndefined();
  });

  it('stop counting when closed, and leave no timer behind', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const metrics = createMetrics(keeper, { timers: clock });
    expect(clock.pending).toBe(1);
    metrics.close();
    expect(clock.pending).toBe(0);
    const again = createMetrics(keeper, { timers: clock });
    await keeper.stop();
    await clock.settle();
    expect(clock.pending).toBe(0);
    again[Symbol.dispose]();
  });

  it('measure how late a timer of the event loop fires', () => {
    let fire = () => {};
    let nowMs = 0;
    const timers = {
      now: () => nowMs,
      setTimeout: (callback: () => void) => {
        fire = callback;
      },
      clearTimeout: () => {},
    };
    const metrics = createMetrics(createRecordedSupervisor().keeper, { timers });
    for (nowMs of [50, 107, 400]) fire();
    const [delay] = metrics.families().filter(({ name }) => name === 'watchkeeper_event_loop_delay_seconds');
    expect(delay?.samples).toMatchObject([{ count: 3, sum: 0.25 }]);
  });

  it.each([
    [{ maxMonitors: -1 }, 'metrics.maxMonitors'],
    [{ bucketsMs: [5, 1] }, 'metrics.bucketsMs'],
    [{ eventLoopSampleMs: Number.NaN }, 'metrics.eventLoopSampleMs'],
    [{ history: {} as never }, 'metrics.history'],
  ])('refuse %o', (options, option) => {
    expect(() => createMetrics(createRecordedSupervisor().keeper, options)).toThrow(
      expect.objectContaining({ option }),
    );
    expect(() => createMetrics(createRecordedSupervisor().keeper, options)).toThrow(InvalidOptionError);
  });
});

const promtool = process.env['PROMTOOL'] ?? 'promtool';
const hasPromtool = spawnSync(promtool, ['--version']).status === 0;
if (!hasPromtool)
  console.warn('NOT CHECKED by promtool, which is not installed: PROMTOOL names one that is elsewhere.');

describe.runIf(hasPromtool)('promtool check metrics', () => {
  it('finds nothing to say about them', async () => {
    const { metrics } = await lively({});
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], {
      input: prometheusText(metrics.families()).body,
      encoding: 'utf8',
    });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
    metrics.close();
  });
});

describe('the families', () => {
  it('have names and labels both formats allow, and no two of one name', async () => {
    const { metrics } = await lively();
    const families = metrics.families();
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
    for (const { name, unit } of families) {
      expect(name).toMatch(/^[a-z][a-z_]*$/);
      expect(name).not.toMatch(/_(total|info|count|sum|bucket|created)$/);
      if (unit !== undefined) expect(name).toMatch(new RegExp(`_${unit}$`));
    }
    const samples = readExposition(openMetricsText(families).body);
    const series = samples.map(({ name, labels }) => JSON.stringify([name, labels]));
    expect(new Set(series).size).toBe(series.length);
  });
});
