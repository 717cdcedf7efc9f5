import { type Attributes, type Exception, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { SupervisorEvent } from '@watchkeeper/core';
import { textOf } from '@watchkeeper/core/adapters';
import { spanTime } from './spanTime.ts';

/** The end of a check, however it went. */
export type CheckEvent = Extract<SupervisorEvent, { type: 'verdict.judged' | 'verdict.discarded' | 'check.failed' }>;

/** Writes the span of a check that has ended. One that failed or broke is an error. */
export function writeCheckSpan(tracer: Tracer, event: CheckEvent, common: Attributes): void {
  const span = tracer.startSpan('watchkeeper.check', {
    startTime: spanTime(event.at - event.tookMs),
    attributes: { ...common, 'watchkeeper.monitor.id': event.id, 'watchkeeper.check.outcome': outcomeOf(event) },
  });
  if (event.type === 'check.failed') {
    span.recordException(exceptionOf(event.cause), spanTime(event.at));
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'the check broke' });
  } else if (event.type === 'verdict.judged') {
    const { status, detail, latencyMs } = event.verdict;
    if (latencyMs !== undefined) span.setAttribute('watchkeeper.check.latency', latencyMs / 1_000);
    if (status === 'fail')
      span.setStatus({ code: SpanStatusCode.ERROR, ...(detail === undefined ? {} : { message: detail }) });
  }
  span.end(spanTime(event.at));
}

function outcomeOf(event: CheckEvent): string {
  if (event.type === 'verdict.judged') return event.verdict.status;
  return event.type === 'check.failed' ? 'error' : event.reason;
}

/** An error by its plain fields, which a foreign one may refuse to tell; anything else by its text. */
function exceptionOf(cause: unknown): Exception {
  try {
    if (!(cause instanceof Error)) return textOf(cause);
    const { name, message, stack } = cause;
    return { name: String(name), message: String(message), ...(typeof stack === 'string' ? { stack } : {}) };
  } catch {
    return textOf(cause);
  }
}
