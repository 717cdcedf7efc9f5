import { type Meter, metrics, type Observable, type ObservableResult } from '@opentelemetry/api';
import { count, healths, objectWith, type Rules, resolveOptions } from '@watchkeeper/core';
import type { MeasuredKeeper } from './metrics.ts';
import { recordDurations } from './recordDurations.ts';

/** What is measured for OpenTelemetry. Every option may be left out. */
export interface MeasureOptions {
  /**
   * Where instruments are made.
   * @default the global provider's meter `@watchkeeper/telemetry`
   */
  readonly meter?: Meter;
  /**
   * How many monitors have series of their own, the oldest first; `watchkeeper.monitors.left_out` counts the others.
   * @default 1000
   */
  readonly maxMonitors?: number;
}

/** What is measured when nothing is said. */
export const measureDefaults = { maxMonitors: 1_000 } as const satisfies Required<Omit<MeasureOptions, 'meter'>>;

const measureRules: Rules<MeasureOptions> = {
  meter: objectWith<Meter>('createHistogram', 'createObservableCounter', 'createObservableUpDownCounter'),
  maxMonitors: count,
};

/** Measures that are being taken. */
export interface KeeperMeasures extends Disposable {
  /** Takes no more. */
  close(): void;
}

/**
 * Tells OpenTelemetry how a supervisor is: its figures whenever they are collected, and durations as they happen.
 *
 * A health is an up-down counter of one series a state, 1 for the present one, as OpenTelemetry's conventions ask of a
 * status. Every count of loss is `watchkeeper.lost`, by `watchkeeper.loss`.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { recordMetrics, recordSpans } from '@watchkeeper/telemetry/opentelemetry';
 *
 * const keeper = createSupervisor({ name: 'orders' });
 * recordMetrics(keeper);
 * recordSpans(keeper);
 * ```
 */
export function recordMetrics(keeper: MeasuredKeeper, given?: MeasureOptions): KeeperMeasures {
  const defaults = { ...measureDefaults, meter: metrics.getMeter('@watchkeeper/telemetry') };
  const { meter, maxMonitors } = resolveOptions<Required<MeasureOptions>>('measure', measureRules, defaults, given);
  const durations = recordDurations(keeper, meter);
  const stopObserving = [
    ...observeFigures(keeper, meter),
    ...observeLosses(keeper, meter),
    ...observeMonitors(keeper, meter, maxMonitors),
  ];
  const close = () => {
    durations.unsubscribe();
    for (const stop of stopObserving) stop();
  };
  return { close, [Symbol.dispose]: close };
}

type Reading = (result: ObservableResult) => void;

function observe(instrument: Observable, read: Reading): () => void {
  instrument.addCallback(read);
  return () => instrument.removeCallback(read);
}

function observeFigures(keeper: MeasuredKeeper, meter: Meter) {
  const figure = (name: string, unit: string, description: string, read: Reading) =>
    observe(meter.createObservableUpDownCounter(name, { unit, description }), read);
  return [
    figure('watchkeeper.status', '1', 'The worst health among the required monitors.', (result) => {
      const { health } = keeper.stats();
      for (const state of healths) result.observe(state === health ? 1 : 0, { 'watchkeeper.state': state });
    }),
    figure('watchkeeper.monitors', '{monitor}', 'Monitors that run.', (result) => {
      result.observe(keeper.stats().monitors.total);
    }),
    figure('watchkeeper.monitors.by_state', '{monitor}', 'Monitors that run, by their health.', (result) => {
      const { byHealth } = keeper.stats().monitors;
      for (const state of healths) result.observe(byHealth[state], { 'watchkeeper.state': state });
    }),
    figure('watchkeeper.checks', '{check}', 'Checks that run, and that wait for their turn.', (result) => {
      const { underWay, queued } = keeper.stats().checks;
      result.observe(underWay, { 'watchkeeper.state': 'under_way' });
      result.observe(queued, { 'watchkeeper.state': 'queued' });
    }),
    figure('watchkeeper.notifiers', '{notifier}', 'Clients that are told of changes.', (result) => {
      result.observe(keeper.stats().notifiers.open);
    }),
    figure('watchkeeper.sessions', '{session}', 'Open sessions, and slots that are taken.', (result) => {
      const { open, taken } = keeper.stats().sessions;
      result.observe(open, { 'watchkeeper.state': 'open' });
      result.observe(taken, { 'watchkeeper.state': 'taken' });
    }),
  ];
}

function observeLosses(keeper: MeasuredKeeper, meter: Meter) {
  const lost = meter.createObservableCounter('watchkeeper.lost', { description: 'What was lost, refused or failed.' });
  const read: Reading = (result) => {
    for (const [loss, value] of Object.entries(keeper.stats().lost))
      result.observe(value, { 'watchkeeper.loss': loss });
  };
  return [observe(lost, read)];
}

function observeMonitors(keeper: MeasuredKeeper, meter: Meter, maxMonitors: number) {
  const status = meter.createObservableUpDownCounter('watchkeeper.monitor.status', {
    unit: '1',
    description: 'The health of a target.',
  });
  const leftOut = meter.createObservableUpDownCounter('watchkeeper.monitors.left_out', {
    unit: '{monitor}',
    description: 'Monitors without series of their own, because there are more than maxMonitors.',
  });
  const read: Reading = (result) => {
    for (const { id, health } of keeper.statuses().slice(0, maxMonitors)) {
      for (const state of healths) {
        const attributes = { 'watchkeeper.monitor.id': id, 'watchkeeper.state': state };
        result.observe(state === health ? 1 : 0, attributes);
      }
    }
  };
  return [
    observe(status, read),
    observe(leftOut, (result) => result.observe(Math.max(0, keeper.statuses().length - maxMonitors))),
  ];
}
