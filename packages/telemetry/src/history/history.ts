import { InvalidOptionError, type Supervisor, type SupervisorEvent } from '@watchkeeper/core';
import { oneOf } from '@watchkeeper/core/options';
import type { Bin } from './binRing.ts';
import { type HistoryOptions, type HistorySnapshot, resolveHistoryOptions } from './historyOptions.ts';
import { type HistoryWindow, historyWindows } from './historyWindow.ts';
import { standingOf, type WindowReport } from './monitorTimeline.ts';
import { Timelines } from './timelines.ts';

/** How the monitors of one supervisor have been. */
export interface History extends Disposable {
  /**
   * What is known of one monitor over one window that ends now; nothing of a monitor it never heard of.
   * @throws `InvalidOptionError` when `window` is none.
   */
  report(id: string, window: HistoryWindow): WindowReport | undefined;
  /**
   * The share of the known time of one window in which a target worked, from 0 to 1; nothing where nothing is known.
   * @throws `InvalidOptionError` when `window` is none.
   */
  uptime(id: string, window: HistoryWindow): number | undefined;
  /**
   * The bins of one window that ends now, the oldest first: what a chart draws.
   * @throws `InvalidOptionError` when `window` is none.
   */
  bins(id: string, window: HistoryWindow): readonly Bin[];
  /** Monitors that run and have no history, because there are more than `maxMonitors`. */
  readonly leftOut: number;
  /** All that is known now, for {@link HistoryOptions.resume} of a later program. */
  snapshot(): HistorySnapshot;
  /** Listens no more. What is known stays readable. */
  close(): void;
}

const windowRule = oneOf(...historyWindows);

/**
 * Remembers of every monitor how long it worked, how long it did not, and how fast it answered: over 5 minutes, 15
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
export function keepHistory(keeper: Pick<Supervisor, 'events$' | 'statuses'>, given?: HistoryOptions): History {
  const { maxMonitors, resume, clock } = resolveHistoryOptions(given);
  const timelines = new Timelines(maxMonitors, resume, clock.now());
  for (const { id, health } of keeper.statuses()) timelines.begin(id)?.become(standingOf(health), clock.now());
  const subscription = keeper.events$.subscribe((event) => note(timelines, event));
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
      const written = Array.from(timelines, ([id, timeline]) => [id, timeline.writtenAt(at)] as const);
      return { version: 1, at, monitors: Object.fromEntries(written) };
    },
    close,
    [Symbol.dispose]: close,
  };
}

function note(timelines: Timelines, event: SupervisorEvent): void {
  switch (event.type) {
    case 'health.changed':
      timelines.begin(event.id)?.become(standingOf(event.to), event.at);
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
      if (event.kind === 'monitor') timelines.get(event.id)?.become('down', event.at);
      break;
    case 'actor.ended':
    case 'supervisor.escalated':
      if (event.type === 'actor.ended' && event.kind !== 'monitor') break;
      timelines.get(event.id)?.become(undefined, event.at);
      timelines.end(event.id);
  }
}

function requireWindow(window: HistoryWindow): void {
  if (!windowRule.accepts(window)) throw new InvalidOptionError('history.window', windowRule.is, window);
}
