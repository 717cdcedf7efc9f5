import { InvalidOptionError, type Supervisor, type SupervisorEvent } from '@watchkeeper/core';
import { eventSource, oneOf, requireOption } from '@watchkeeper/core/options';
import type { Bin } from './binRing.ts';
import { type HistoryOptions, type HistorySnapshot, resolveHistoryOptions } from './historyOptions.ts';
import { type HistoryWindow, historyWindows } from './historyWindow.ts';
import { availabilityOf, type WindowReport } from './monitorTimeline.ts';
import { Timelines } from './timelines.ts';

/** Uptime and latency of the monitors of one supervisor. */
export interface History extends Disposable {
  /**
   * Returns the figures of one monitor over one window that ends now; undefined for an unknown monitor.
   * @throws `InvalidOptionError` when `window` is none.
   */
  report(id: string, window: HistoryWindow): WindowReport | undefined;
  /**
   * Returns the share of the known time of one window in which a target was up, from 0 to 1; undefined where nothing is
   * known.
   * @throws `InvalidOptionError` when `window` is none.
   */
  uptime(id: string, window: HistoryWindow): number | undefined;
  /**
   * Returns the bins of one window that ends now, the oldest first, to be drawn as a chart.
   * @throws `InvalidOptionError` when `window` is none.
   */
  bins(id: string, window: HistoryWindow): readonly Bin[];
  /** Monitors that run and have no history, because there are more than `maxMonitors`. */
  readonly leftOut: number;
  /** Returns all that is known now, for {@link HistoryOptions.resume} of a later program. */
  snapshot(): HistorySnapshot;
  /** Stops recording. What was recorded stays readable. */
  close(): void;
}

const windowRule = oneOf(...historyWindows);

/**
 * Records of every monitor how long it was up, how long it was down, and its latency: over 5 minutes, 15
 * minutes, an hour, a day and 30 days, in 100 bins each and in fixed memory.
 *
 * Uptime is a share of time, not of checks. `healthy` and `degraded` count as up; `starting`, `paused` and the time in
 * which nobody watched count as neither.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { keepHistory } from '@watchkeeper/telemetry';
 *
 * const keeper = createSupervisor();
 * const history = keepHistory(keeper);
 * const hour = history.report('api', '1h');
 * console.log(hour?.uptime, hour?.latency?.p99Ms);
 * ```
 */
export function keepHistory(supervisor: Pick<Supervisor, 'events$' | 'statuses'>, given?: HistoryOptions): History {
  requireOption('history.supervisor', eventSource<Supervisor>('statuses'), supervisor);
  const { maxMonitors, resume, clock } = resolveHistoryOptions(given);
  const timelines = new Timelines(maxMonitors, resume, clock.now());
  for (const { id, health } of supervisor.statuses())
    timelines.begin(id)?.setAvailability(availabilityOf(health), clock.now());
  const subscription = supervisor.events$.subscribe((event) => recordEvent(timelines, event));
  const close = () => subscription.unsubscribe();
  return {
    report(id, window) {
      requireWindow(window);
      return timelines.get(id)?.report(window, clock.now());
    },
    uptime(id, window) {
      requireWindow(window);
      return timelines.get(id)?.uptime(window, clock.now());
    },
    bins(id, window) {
      requireWindow(window);
      return timelines.get(id)?.bins(window, clock.now()) ?? [];
    },
    get leftOut() {
      return timelines.leftOut;
    },
    snapshot() {
      const at = clock.now();
      const serialized = Array.from(timelines, ([id, timeline]) => [id, timeline.serialize(at)] as const);
      return { version: 1, at, monitors: Object.fromEntries(serialized) };
    },
    close,
    [Symbol.dispose]: close,
  };
}

function recordEvent(timelines: Timelines, event: SupervisorEvent): void {
  switch (event.type) {
    case 'health.changed':
      timelines.begin(event.id)?.setAvailability(availabilityOf(event.to), event.at);
      break;
    case 'verdict.judged': {
      const { status, latencyMs } = event.verdict;
      // A check that failed without a latency got no answer: what it took is its timeout.
      if (latencyMs !== undefined || status !== 'fail') {
        timelines.get(event.id)?.record(event.at, latencyMs ?? event.tookMs);
      }
      break;
    }
    case 'actor.failed':
      if (event.kind === 'monitor') timelines.get(event.id)?.setAvailability('down', event.at);
      break;
    case 'actor.ended':
    case 'supervisor.escalated':
      if (event.type === 'actor.ended' && event.kind !== 'monitor') break;
      timelines.get(event.id)?.setAvailability(undefined, event.at);
      timelines.end(event.id);
  }
}

function requireWindow(window: HistoryWindow): void {
  if (!windowRule.accepts(window)) throw new InvalidOptionError('history.window', windowRule.is, window);
}
