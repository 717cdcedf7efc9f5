export type { Archive, SavedState } from './archive/archive.ts';
export { type ArchiveContext, type ArchiveInput, archiveMachine } from './archive/archiveMachine.ts';
export { type ArchiveOptions, archiveDefaults } from './archive/archiveOptions.ts';
export { type KeptArchive, keepArchive } from './archive/keepArchive.ts';
export { type Badge, type BadgeTone, badge, healthBadge, uptimeBadge } from './badge/badge.ts';
export type { Bin } from './history/binRing.ts';
export { type History, keepHistory } from './history/history.ts';
export { type HistoryOptions, type HistorySnapshot, historyDefaults } from './history/historyOptions.ts';
export { binsPerWindow, type HistoryWindow, historyWindows, windowMs } from './history/historyWindow.ts';
export { historyBytesPerMonitor, type WindowReport } from './history/monitorTimeline.ts';
export type { LatencySummary } from './history/percentile.ts';
export type { EventPattern, KeyOf, OnePattern } from './laws/eventPattern.ts';
export type { EventOf, EventType, Law, LawfulSupervisor, LawScope } from './laws/law.ts';
export { type AlternatingLaw, alternating, type NeverLaw, never, type WithinLaw, within } from './laws/lawBuilders.ts';
export { type FoundViolation, type LawOptions, lawDefaults } from './laws/lawOptions.ts';
export { supervisionLaws } from './laws/supervisionLaws.ts';
export { type LawWatch, watchLaws } from './laws/watchLaws.ts';
export { jsonLines, type LineSink } from './log/jsonLines.ts';
export { type EventLog, logEvents } from './log/logEvents.ts';
export type { Logger } from './log/logger.ts';
export { type LogLevel, levelOf } from './log/logLevel.ts';
export { type LogOptions, logDefaults } from './log/logOptions.ts';
export { createMetrics, type MeasuredSupervisor, type Metrics } from './metrics/createMetrics.ts';
export type {
  HistogramSample,
  Labels,
  MetricDescription,
  MetricFamily,
  NumberSample,
  StateSample,
} from './metrics/metricFamily.ts';
export { type MetricsOptions, metricsDefaults } from './metrics/metricsOptions.ts';
export { type Exposition, openMetricsText, prometheusText } from './prometheus/exposition.ts';
export {
  type MetricsListener,
  type MetricsRequest,
  type MetricsResponse,
  metricsRoute,
} from './prometheus/metricsRoute.ts';
