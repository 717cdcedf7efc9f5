export type { Archive, Saved } from './archive.ts';
export { type ArchiveContext, type ArchiveInput, archiveMachine } from './archiveMachine.ts';
export { type ArchiveOptions, archiveDefaults } from './archiveOptions.ts';
export { type Badge, type BadgeTone, badge, healthBadge, uptimeBadge } from './badge.ts';
export type { Bin } from './binRing.ts';
export { type Exposition, openMetricsText, prometheusText } from './exposition.ts';
export { type History, keepHistory } from './history.ts';
export { type HistoryOptions, type HistorySnapshot, historyDefaults } from './historyOptions.ts';
export { binsPerWindow, type HistoryWindow, historyWindows, windowMs } from './historyWindow.ts';
export { jsonLines, type LineSink } from './jsonLines.ts';
export { type KeptArchive, keepArchive } from './keepArchive.ts';
export { type EventLog, logEvents } from './logEvents.ts';
export type { Logger } from './logger.ts';
export { type LogLevel, levelOf } from './logLevel.ts';
export { type LogOptions, logDefaults } from './logOptions.ts';
export type {
  HistogramSample,
  Labels,
  MetricDescription,
  MetricFamily,
  NumberSample,
  StateSample,
} from './metricFamily.ts';
export { createMetrics, type MeasuredKeeper, type Metrics } from './metrics.ts';
export { type MetricsOptions, metricsDefaults } from './metricsOptions.ts';
export { type MetricsListener, type MetricsRequest, type MetricsResponse, metricsRoute } from './metricsRoute.ts';
export type { LatencySummary } from './percentile.ts';
export { historyBytesPerMonitor, type WindowReport } from './timeline.ts';
