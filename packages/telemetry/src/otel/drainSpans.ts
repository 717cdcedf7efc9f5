import { type Attributes, ROOT_CONTEXT, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { DrainPhase, DrainReport } from '@watchkeeper/core';
import { spanTime } from './spanTime.ts';

/** One span for the drain, and one below it for each of its phases. */
export class DrainSpans {
  readonly #tracer: Tracer;
  readonly #common: Attributes;
  #drain: Span | undefined;
  #phase: Span | undefined;

  constructor(tracer: Tracer, common: Attributes) {
    this.#tracer = tracer;
    this.#common = common;
  }

  enter(phase: DrainPhase, at: number): void {
    const begun = { startTime: spanTime(at), attributes: this.#common };
    this.#phase?.end(spanTime(at));
    this.#drain ??= this.#tracer.startSpan('watchkeeper.drain', begun, ROOT_CONTEXT);
    const below = trace.setSpan(ROOT_CONTEXT, this.#drain);
    this.#phase = this.#tracer.startSpan(`watchkeeper.drain.${phase}`, begun, below);
  }

  end({ sessions, notifiers, reason, unfinished }: DrainReport, at: number): void {
    this.#phase?.end(spanTime(at));
    this.#drain?.setAttributes({
      'watchkeeper.drain.reason': reason,
      'watchkeeper.drain.sessions': sessions.total,
      'watchkeeper.drain.early': sessions.early,
      'watchkeeper.drain.forced': sessions.forced,
      'watchkeeper.drain.stragglers': sessions.stragglers,
      'watchkeeper.drain.told': notifiers.told,
      'watchkeeper.drain.evicted': notifiers.evicted,
      'watchkeeper.drain.unfinished': unfinished.length,
    });
    if (reason !== 'drained') this.#drain?.setStatus({ code: SpanStatusCode.ERROR, message: `cut short: ${reason}` });
    this.#drain?.end(spanTime(at));
  }
}
