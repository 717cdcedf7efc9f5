/** The windows of history, the shortest first. */
export const historyWindows = ['5m', '15m', '1h', '1d', '30d'] as const;

/** One of {@link historyWindows}. */
export type HistoryWindow = (typeof historyWindows)[number];

/** The number of bins of each window. */
export const binsPerWindow = 100;

const minuteMs = 60_000;

/** Length of each window, in milliseconds. */
export const windowMs: Readonly<Record<HistoryWindow, number>> = {
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
  '1d': 24 * 60 * minuteMs,
  '30d': 30 * 24 * 60 * minuteMs,
};

/** Length of one bin of a window, in milliseconds: 3 s, 9 s, 36 s, 864 s, 7.2 h. */
export const binMs = (window: HistoryWindow): number => windowMs[window] / binsPerWindow;
