import { type Tracer, trace } from '@opentelemetry/api';
import type { Supervisor, SupervisorEvent } from '@watchkeeper/core';
import {
  eventSource,
  flag,
  objectWith,
  positiveCount,
  type Rules,
  requireOption,
  resolveOptions,
} from '@watchkeeper/core/options';
import { BroadcastSpans } from './broadcastSpans.ts';
import { writeCheckSpan } from './checkSpan.ts';
import { DrainSpans } from './drainSpans.ts';

/** Options of {@link recordSpans}. Every option may be left out. */
export interface SpanOptions {
  /**
   * Where spans are made.
   * @default the global provider's tracer `@watchkeeper/telemetry`
   */
  readonly tracer?: Tracer;
  /**
   * Whether every check is a span: by far the most of them.
   * @default true
   */
  readonly checks?: boolean;
  /**
   * How many broadcasts are traced at once; {@link SupervisorSpans.dropped} counts those that are not.
   * @default 1000
   */
  readonly maxBroadcasts?: number;
}

/** Defaults of {@link SpanOptions}. */
export const spanDefaults = { checks: true, maxBroadcasts: 1_000 } as const satisfies Required<
  Omit<SpanOptions, 'tracer'>
>;

const spanRules: Rules<SpanOptions> = {
  tracer: objectWith<Tracer>('startSpan'),
  checks: flag,
  maxBroadcasts: positiveCount,
};

/** OpenTelemetry spans of a supervisor, until closed. */
export interface SupervisorSpans extends Disposable {
  /** Broadcasts that have no span, because too many were under way. */
  readonly dropped: number;
  /** Stops recording. */
  close(): void;
}

/**
 * Records spans of a supervisor with OpenTelemetry: a check, a broadcast until its last client was told, and a drain with
 * its phases. Spans are made from events, so none is the parent of what a probe does itself.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { recordSpans } from '@watchkeeper/telemetry/opentelemetry';
 *
 * recordSpans(createSupervisor(), { checks: false });
 * ```
 */
export function recordSpans(supervisor: Pick<Supervisor, 'name' | 'events$'>, given?: SpanOptions): SupervisorSpans {
  requireOption('spans.supervisor', eventSource<Supervisor>(), supervisor);
  const defaults = { ...spanDefaults, tracer: trace.getTracer('@watchkeeper/telemetry') };
  const options = resolveOptions<Required<SpanOptions>>('spans', spanRules, defaults, given);
  const { tracer, checks, maxBroadcasts } = options;
  const common = { 'watchkeeper.name': supervisor.name };
  const drain = new DrainSpans(tracer, common);
  const broadcasts = new BroadcastSpans(tracer, common, maxBroadcasts);
  const subscription = supervisor.events$.subscribe((event: SupervisorEvent) => {
    switch (event.type) {
      case 'verdict.judged':
      case 'verdict.discarded':
      case 'check.failed':
        if (checks) writeCheckSpan(tracer, event, common);
        break;
      case 'notice.broadcast':
        broadcasts.begin(event);
        break;
      case 'notice.converged':
        broadcasts.converge(event);
        break;
      case 'drain.entered':
        drain.enter(event.phase, event.at);
        break;
      case 'drain.ended':
        broadcasts.end(event.at);
        drain.end(event.report, event.at);
    }
  });
  const close = () => subscription.unsubscribe();
  return {
    get dropped() {
      return broadcasts.dropped;
    },
    close,
    [Symbol.dispose]: close,
  };
}
