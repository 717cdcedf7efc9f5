import { metrics as globalMetrics } from '@opentelemetry/api';
import * as sdk2 from '@opentelemetry/sdk-metrics';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import * as sdk1 from '@opentelemetry/sdk-metrics-1';
import { InvalidOptionError, type Supervisor, type SupervisorStats } from '@watchkeeper/core';
import { fakeConnection, inbox, scriptedProbe } from '@watchkeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { recordMetrics } from '../src/opentelemetry.ts';
import { createRecordedSupervisor, everySecond } from './support/recordedSupervisor.ts';

const providers: MeterProvider[] = [];

/** A real meter, and what it would export now. */
function meter() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e9 });
  const provider = new MeterProvider({ readers: [reader] });
  providers.push(provider);
  const collect = async () => {
    exporter.reset();
    await reader.forceFlush();
    return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  };
  const points = async (name: string) =>
    (await collect()).find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  return { meter: provider.getMeter('test'), provider, collect, points };
}

afterEach(async () => {
  globalMetrics.disable();
  await Promise.all(providers.splice(0).map((provider) => provider.shutdown()));
});

/** A supervisor of which only the events are real. */
const watched = ({ events$ }: Pick<Supervisor, 'events$'>) => ({
  name: 'x',
  events$,
  statuses: () => [],
  stalenessMs: () => 1_500,
});

describe('the OpenTelemetry metrics of a supervisor', () => {
  it('tell a health as one series a state, of which the present one is 1', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { meter: given, points } = meter();
    recordMetrics(keeper, { meter: given });
    keeper.monitor('api', scriptedProbe('-'), everySecond);
    keeper.start();
    await clock.settle();
    const found = await points('watchkeeper.monitor.status');
    expect(found).toHaveLength(9);
    expect(found.filter(({ value }) => value === 1)).toMatchObject([
      { attributes: { 'watchkeeper.monitor.id': 'api', 'watchkeeper.state': 'unhealthy' } },
    ]);
    expect((await points('watchkeeper.status')).filter(({ value }) => value === 1)).toMatchObject([
      { attributes: { 'watchkeeper.state': 'unhealthy' } },
    ]);
  });

  it('show every number of its stats, so that no new loss count can be forgotten (INV-77)', async () => {
    const { keeper } = createRecordedSupervisor();
    let serial = 1_000;
    const marked = JSON.parse(JSON.stringify(keeper.stats()), (_, value) =>
      typeof value === 'number' ? serial++ : value,
    ) as SupervisorStats;
    const { meter: given, collect } = meter();
    const supervisor = { ...watched(keeper), stats: () => marked };
    recordMetrics(supervisor, { meter: given });
    const collected = await collect();
    const staleness = collected.find(({ descriptor }) => descriptor.name === 'watchkeeper.staleness');
    expect(staleness?.dataPoints.map(({ value }) => value)).toEqual([1.5]);
    const shown = collected.flatMap(({ dataPoints }) => dataPoints.map(({ value }): unknown => value));
    const missing = Array.from({ length: serial - 1_000 }, (_, index) => 1_000 + index).filter(
      (n) => !shown.includes(n),
    );
    expect(serial).toBeGreaterThan(1_020);
    expect(missing).toEqual([]);
  });

  it('tell durations in seconds: of checks by outcome, of convergence and of drains', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { meter: given, points } = meter();
    recordMetrics(keeper, { meter: given });
    keeper.monitor('api', scriptedProbe('+!-', { latencyMs: 20, clock }), everySecond);
    keeper.notifier('client', inbox().deliver);
    keeper.start();
    await clock.advance(2_500);
    const checks = await points('watchkeeper.check.duration');
    const outcomes = checks.map(({ attributes }) => attributes['watchkeeper.check.outcome']);
    expect(outcomes.toSorted()).toEqual(['error', 'fail', 'pass']);
    expect(checks[0]?.value).toMatchObject({ count: 1, sum: 0.02 });
    expect((await points('watchkeeper.convergence.duration'))[0]?.value).toMatchObject({ sum: 0 });
    const drained = keeper.drain({ noticeMs: 1_000 });
    await clock.advance(1_000);
    await drained;
    await clock.settle();
    expect((await points('watchkeeper.drain.duration'))[0]).toMatchObject({
      attributes: { 'watchkeeper.drain.reason': 'drained' },
      value: { count: 1, sum: 1 },
    });
  });

  it('count whom a drain ended against their will, by kind', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { meter: given, points } = meter();
    recordMetrics(keeper, { meter: given });
    keeper.notifier('slow', inbox('hold').deliver);
    for (let opened = 0; opened < 2; opened += 1) {
      const slot = keeper.reserve();
      if (slot.reserved) slot.open(fakeConnection());
    }
    const drained = keeper.drain({ graceMs: 0 });
    await clock.advance(5_000);
    await drained;
    await clock.settle();
    const forced = await points('watchkeeper.drain.forced');
    expect(forced.map(({ attributes, value }) => [attributes['watchkeeper.actor.kind'], value])).toEqual([
      ['session', 2],
      ['notifier', 1],
      ['service', 0],
    ]);
  });

  it.each([
    ['1.x', sdk1 as unknown as typeof sdk2], // the same names, in older types
    ['2.x', sdk2],
  ])('count durations in buckets of seconds, from 1 ms to 60 s, on SDK %s', async (_, sdk) => {
    const { keeper, clock } = createRecordedSupervisor();
    const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
    const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e9 });
    const provider = new sdk.MeterProvider({ readers: [reader] });
    recordMetrics(keeper, { meter: provider.getMeter('test') });
    keeper.monitor('api', scriptedProbe('+', { latencyMs: 20, clock }), everySecond);
    keeper.start();
    await clock.advance(500);
    const drained = keeper.drain({ noticeMs: 1_000 });
    await clock.advance(1_000);
    await drained;
    await reader.forceFlush();
    const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    const durations = metrics.filter(({ descriptor }) => descriptor.name.endsWith('.duration'));
    expect(durations.length).toBeGreaterThanOrEqual(2);
    for (const { dataPoints } of durations) {
      expect(dataPoints[0]?.value).toMatchObject({
        buckets: { boundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] },
      });
    }
    await provider.shutdown();
  });

  it('give series of their own to so many monitors and no more, and count the others', async () => {
    const { keeper } = createRecordedSupervisor();
    for (const id of ['a', 'b', 'c']) keeper.monitor(id, scriptedProbe('+'), everySecond);
    const { meter: given, points } = meter();
    recordMetrics(keeper, { meter: given, maxMonitors: 1 });
    expect(await points('watchkeeper.monitor.status')).toHaveLength(9);
    expect(await points('watchkeeper.monitors.left_out')).toMatchObject([{ value: 2 }]);
  });

  it('go to the global provider unless told otherwise, and ask for nothing once closed', async () => {
    const { keeper } = createRecordedSupervisor();
    const { provider, collect } = meter();
    globalMetrics.setGlobalMeterProvider(provider);
    let asked = 0;
    const stats = () => {
      asked += 1;
      return keeper.stats();
    };
    const measures = recordMetrics({ ...watched(keeper), stats });
    expect((await collect()).length).toBeGreaterThan(5);
    const before = asked;
    expect(before).toBeGreaterThan(0);
    measures.close();
    await collect();
    expect(asked).toBe(before);
  });

  it('refuse what is no meter', () => {
    expect(() => recordMetrics(createRecordedSupervisor().keeper, { meter: {} as never })).toThrow(InvalidOptionError);
  });
});
