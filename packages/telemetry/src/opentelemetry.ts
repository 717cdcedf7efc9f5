export { type KeeperMeasures, type MeasureOptions, measureDefaults, recordMetrics } from './recordMetrics.ts';
export { type KeeperSpans, recordSpans, type SpanOptions, spanDefaults } from './recordSpans.ts';
