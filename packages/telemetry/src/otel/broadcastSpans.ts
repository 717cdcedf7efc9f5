import type { Attributes, Span, Tracer } from '@opentelemetry/api';
import type { HealthNotice, SupervisorEvent } from '@watchkeeper/core';
import { spanTime } from './spanTime.ts';

type Broadcast = Extract<SupervisorEvent, { type: 'notice.broadcast' }>;
type Converged = Extract<SupervisorEvent, { type: 'notice.converged' }>;

/** One span for each change of health that is told, from when it became so until the last client was told. */
export class BroadcastSpans {
  readonly #tracer: Tracer;
  readonly #common: Attributes;
  readonly #limit: number;
  readonly #open = new Map<string, Span>();
  /** Changes that have no span, because too many were under way. */
  dropped = 0;

  constructor(tracer: Tracer, common: Attributes, limit: number) {
    this.#tracer = tracer;
    this.#common = common;
    this.#limit = limit;
  }

  begin({ notice, notifiers, at }: Broadcast): void {
    if (notice.type === 'goaway') return;
    this.#finish(notice.topic, at, { 'watchkeeper.broadcast.overtaken': true });
    if (notifiers === 0) return;
    if (this.#open.size >= this.#limit) this.dropped += 1;
    else this.#open.set(notice.topic, this.#start(notice));
  }

  converge({ topic, notifiers, told, at }: Converged): void {
    this.#finish(topic, at, { 'watchkeeper.broadcast.notifiers': notifiers, 'watchkeeper.broadcast.told': told });
  }

  /** Ends the spans that are left: no event will tell when they converge. */
  end(at: number): void {
    for (const topic of [...this.#open.keys()]) this.#finish(topic, at, { 'watchkeeper.broadcast.unfinished': true });
  }

  #start({ topic, health, seq, at }: HealthNotice): Span {
    return this.#tracer.startSpan('watchkeeper.broadcast', {
      startTime: spanTime(at),
      attributes: {
        ...this.#common,
        'watchkeeper.topic': topic,
        'watchkeeper.state': health,
        'watchkeeper.broadcast.seq': seq,
      },
    });
  }

  #finish(topic: string, at: number, attributes: Attributes): void {
    const span = this.#open.get(topic);
    if (span === undefined) return;
    this.#open.delete(topic);
    span.setAttributes(attributes);
    span.end(spanTime(at));
  }
}
