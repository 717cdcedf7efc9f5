export { type MeasureOptions, measureDefaults, recordMetrics, type SupervisorMeasures } from './otel/recordMetrics.ts';
export { recordSpans, type SpanOptions, type SupervisorSpans, spanDefaults } from './otel/recordSpans.ts';
