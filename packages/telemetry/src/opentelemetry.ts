export { type KeeperMeasures, type MeasureOptions, measureDefaults, recordMetrics } from './otel/recordMetrics.ts';
export { type KeeperSpans, recordSpans, type SpanOptions, spanDefaults } from './otel/recordSpans.ts';
