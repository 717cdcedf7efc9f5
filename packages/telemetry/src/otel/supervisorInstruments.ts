import type { Meter, Observable, ObservableResult } from '@opentelemetry/api';
import { healths } from '@watchkeeper/core';
import type { MeasuredSupervisor } from '../metrics/createMetrics.ts';

/** Tells the present figures when they are collected. */
type Reading = (result: ObservableResult) => void;

function observe(instrument: Observable, read: Reading): () => void {
  instrument.addCallback(read);
  return () => instrument.removeCallback(read);
}

/** The figures of the whole; the functions it answers end that. */
export function observeFigures(keeper: MeasuredSupervisor, meter: Meter) {
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

/** Every count of loss. */
export function observeLosses(keeper: MeasuredSupervisor, meter: Meter) {
  const lost = meter.createObservableCounter('watchkeeper.lost', { description: 'What was lost, refused or failed.' });
  const read: Reading = (result) => {
    for (const [loss, value] of Object.entries(keeper.stats().lost))
      result.observe(value, { 'watchkeeper.loss': loss });
  };
  return [observe(lost, read)];
}

/** The health of each of the first `maxMonitors` monitors. */
export function observeMonitors(keeper: MeasuredSupervisor, meter: Meter, maxMonitors: number) {
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
