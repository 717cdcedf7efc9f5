import type { History } from '../history/history.ts';
import { historyWindows } from '../history/historyWindow.ts';
import { gaugeOf, type MetricFamily, type NumberSample } from './metricFamily.ts';

/** Returns the uptime of each monitor over each window with known time, and how many monitors have no history. */
export function uptimeFamilies(
  monitors: readonly { readonly id: string }[],
  history: Pick<History, 'uptime' | 'leftOut'>,
): MetricFamily[] {
  const samples = monitors.flatMap(({ id }) =>
    historyWindows.flatMap((window): NumberSample[] => {
      const uptime = history.uptime(id, window);
      return uptime === undefined ? [] : [{ labels: { monitor: id, window }, value: uptime }];
    }),
  );
  const help = 'Which share of the known time the target worked.';
  return [
    { kind: 'gauge', name: 'watchkeeper_monitor_uptime_ratio', help, samples },
    gaugeOf('watchkeeper_history_left_out', 'Monitors that have no history for lack of room.', history.leftOut),
  ];
}
