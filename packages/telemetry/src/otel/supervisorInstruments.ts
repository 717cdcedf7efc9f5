import type { Meter, Observable, ObservableResult } from '@opentelemetry/api';
import { healths } from '@watchkeeper/core';
import type { MeasuredSupervisor } from '../metrics/createMetrics.ts';

/** Observes the present figures on collection. */
type ReadCallback = (result: ObservableResult) => void;

function observe(instrument: Observable, read: ReadCallback): () => void {
  instrument.addCallback(read);
  return () => instrument.removeCallback(read);
}

/** Makes the instruments of the supervisor as a whole. @returns functions that stop them. */
export function observeSupervisor(supervisor: MeasuredSupervisor, meter: Meter) {
  const instrument = (name: string, unit: string, description: string, read: ReadCallback) =>
    observe(meter.createObservableUpDownCounter(name, { unit, description }), read);
  return [
    instrument(
      'watchkeeper.status',
      '1',
      'The worst health among the monitors that are required for ready.',
      (result) => {
        const { health } = supervisor.stats();
        for (const state of healths) result.observe(state === health ? 1 : 0, { 'watchkeeper.state': state });
      },
    ),
    instrument('watchkeeper.monitors', '{monitor}', 'Monitors that run.', (result) => {
      result.observe(supervisor.stats().monitors.total);
    }),
    instrument('watchkeeper.monitors.by_state', '{monitor}', 'Monitors that run, by their health.', (result) => {
      const { byHealth } = supervisor.stats().monitors;
      for (const state of healths) result.observe(byHealth[state], { 'watchkeeper.state': state });
    }),
    instrument('watchkeeper.checks', '{check}', 'Checks that run, and that wait for their turn.', (result) => {
      const { underWay, queued } = supervisor.stats().checks;
      result.observe(underWay, { 'watchkeeper.state': 'under_way' });
      result.observe(queued, { 'watchkeeper.state': 'queued' });
    }),
    instrument('watchkeeper.services', '{service}', 'Services that have not ended.', (result) => {
      result.observe(supervisor.stats().services.total);
    }),
    instrument('watchkeeper.notifiers', '{notifier}', 'Clients that are told of changes.', (result) => {
      result.observe(supervisor.stats().notifiers.open);
    }),
    observe(
      meter.createObservableGauge('watchkeeper.staleness', {
        unit: 's',
        description: 'Age of the oldest change that a client which reads has not been told.',
      }),
      (result) => result.observe(supervisor.stalenessMs() / 1_000),
    ),
    instrument('watchkeeper.sessions', '{session}', 'Open sessions, and slots that are taken.', (result) => {
      const { open, taken } = supervisor.stats().sessions;
      result.observe(open, { 'watchkeeper.state': 'open' });
      result.observe(taken, { 'watchkeeper.state': 'taken' });
    }),
  ];
}

/** Makes the counter of all losses. @returns functions that stop it. */
export function observeLosses(supervisor: MeasuredSupervisor, meter: Meter) {
  const lost = meter.createObservableCounter('watchkeeper.lost', { description: 'What was lost, refused or failed.' });
  const read: ReadCallback = (result) => {
    for (const [loss, value] of Object.entries(supervisor.stats().lost))
      result.observe(value, { 'watchkeeper.loss': loss });
  };
  return [observe(lost, read)];
}

/** Makes the instruments of the first `maxMonitors` monitors. @returns functions that stop them. */
export function observeMonitors(supervisor: MeasuredSupervisor, meter: Meter, maxMonitors: number) {
  const status = meter.createObservableUpDownCounter('watchkeeper.monitor.status', {
    unit: '1',
    description: 'The health of a target.',
  });
  const leftOut = meter.createObservableUpDownCounter('watchkeeper.monitors.left_out', {
    unit: '{monitor}',
    description: 'Monitors without series of their own, because there are more than maxMonitors.',
  });
  const read: ReadCallback = (result) => {
    for (const { id, health } of supervisor.statuses().slice(0, maxMonitors)) {
      for (const state of healths) {
        const attributes = { 'watchkeeper.monitor.id': id, 'watchkeeper.state': state };
        result.observe(state === health ? 1 : 0, attributes);
      }
    }
  };
  return [
    observe(status, read),
    observe(leftOut, (result) => result.observe(Math.max(0, supervisor.statuses().length - maxMonitors))),
  ];
}
