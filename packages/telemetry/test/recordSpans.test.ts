import { type Attributes, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { defineProbe } from '@watchkeeper/core';
import { fakeConnection, inbox, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { recordSpans, type SpanOptions } from '../src/opentelemetry.ts';
import { spanTime } from '../src/otel/spanTime.ts';
import { createRecordedSupervisor, everySecond } from './support/recordedSupervisor.ts';

/** A supervisor whose spans are written, and all of them that have ended. */
function traced(options: SpanOptions = {}) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const kept = createRecordedSupervisor({ name: 'orders' });
  const spans = recordSpans(kept.keeper, { tracer: provider.getTracer('test'), ...options });
  const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
  return { ...kept, exporter, spans, named };
}

const tookMs = ({ duration: [seconds, nanos] }: ReadableSpan) => seconds * 1_000 + nanos / 1e6;
const attributesOf = ({ attributes }: ReadableSpan): Attributes => attributes;

describe('the spans of a supervisor', () => {
  it('are one for each check, as long as it took, an error when it failed or broke', async () => {
    const { keeper, clock, named } = traced();
    keeper.monitor('api', scriptedProbe('+-!', { latencyMs: 20, clock }), everySecond);
    keeper.start();
    const startedAt = clock.now();
    await clock.advance(2_500);
    const checks = named('watchkeeper.check');
    expect(checks.map((span) => [span.attributes['watchkeeper.check.outcome'], span.status.code])).toEqual([
      ['pass', SpanStatusCode.UNSET],
      ['fail', SpanStatusCode.ERROR],
      ['error', SpanStatusCode.ERROR],
    ]);
    expect(checks.map(tookMs)).toEqual([20, 20, 20]);
    expect(checks[0]?.startTime).toEqual(spanTime(startedAt));
    expect(checks[0]?.attributes).toMatchObject({ 'watchkeeper.monitor.id': 'api', 'watchkeeper.name': 'orders' });
    expect(checks[2]?.events).toMatchObject([{ name: 'exception' }]);
  });

  it('are written for a check that broke with something that has no text', async () => {
    const { keeper, clock, named } = traced();
    const odd = Object.defineProperty(new Error('odd'), 'message', {
      get: () => {
        throw new Error('a trap');
      },
    });
    for (const [id, cause] of Object.entries({ bare: Object.create(null), odd })) {
      keeper.monitor(
        id,
        defineProbe(id, async () => {
          throw cause;
        }),
        everySecond,
      );
    }
    keeper.start();
    await clock.settle();
    expect(named('watchkeeper.check').map(({ events }) => events[0]?.attributes?.['exception.message'])).toEqual([
      'an object without a text',
      'an object without a text',
    ]);
  });

  it('leave checks out when told', async () => {
    const { keeper, clock, named } = traced({ checks: false });
    keeper.monitor('api', scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.settle();
    expect(named('watchkeeper.check')).toEqual([]);
  });

  it('follow a broadcast until its last client was told', async () => {
    const { keeper, clock, named } = traced();
    const slow = inbox('hold');
    keeper.notifier('slow', slow.deliver, { topics: ['api'] });
    await clock.settle();
    keeper.broadcast({ type: 'health', topic: 'api', health: 'unhealthy' });
    await clock.advance(300);
    expect(named('watchkeeper.broadcast')).toEqual([]);
    slow.release();
    await clock.settle();
    const [span, ...others] = named('watchkeeper.broadcast');
    expect(others).toEqual([]);
    expect(span === undefined ? undefined : tookMs(span)).toBe(300);
    expect(span?.attributes).toMatchObject({
      'watchkeeper.topic': 'api',
      'watchkeeper.state': 'unhealthy',
      'watchkeeper.broadcast.told': 1,
    });
  });

  it('end a broadcast that a newer one overtakes, and those left at the end of a drain', async () => {
    const { keeper, clock, named } = traced();
    keeper.notifier('stuck', inbox('hold').deliver, { topics: ['api'] });
    await clock.settle();
    for (const health of ['unhealthy', 'healthy'] as const) keeper.broadcast({ type: 'health', topic: 'api', health });
    await clock.settle();
    expect(named('watchkeeper.broadcast').map(attributesOf)).toMatchObject([
      { 'watchkeeper.broadcast.overtaken': true },
    ]);
    await keeper.stop();
    await clock.settle();
    expect(named('watchkeeper.broadcast')).toHaveLength(2);
  });

  it('follow so many broadcasts at once and no more, and count the others', async () => {
    const { keeper, clock, spans } = traced({ maxBroadcasts: 2 });
    keeper.notifier('stuck', inbox('hold').deliver);
    for (const topic of ['a', 'b', 'c', 'd']) keeper.broadcast({ type: 'health', topic, health: 'healthy' });
    await clock.settle();
    expect(spans.dropped).toBe(2);
  });

  it('show a drain with its phases below it, and what came of it', async () => {
    const { keeper, clock, named, exporter } = traced();
    keeper.start();
    const slot = keeper.reserve();
    if (slot.reserved) slot.open(fakeConnection());
    const drained = keeper.drain({ noticeMs: 100, graceMs: 400 });
    await clock.advance(1_000);
    await drained;
    await clock.settle();
    const [drain] = named('watchkeeper.drain');
    expect(drain === undefined ? undefined : tookMs(drain)).toBeGreaterThanOrEqual(100);
    expect(drain?.attributes).toMatchObject({ 'watchkeeper.drain.sessions': 1, 'watchkeeper.drain.reason': 'drained' });
    const phases = exporter.getFinishedSpans().filter(({ name }) => name.startsWith('watchkeeper.drain.'));
    expect(phases.map(({ name }) => name.slice('watchkeeper.drain.'.length)).slice(0, 5)).toEqual([
      'withdraw',
      'notice',
      'lag',
      'goaway',
      'grace',
    ]);
    for (const { parentSpanContext } of phases) expect(parentSpanContext?.spanId).toBe(drain?.spanContext().spanId);
  });

  it('go to the global provider unless told otherwise', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    trace.setGlobalTracerProvider(provider);
    const { keeper, clock } = createRecordedSupervisor();
    recordSpans(keeper);
    trace.disable();
    keeper.monitor('api', scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.settle();
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['watchkeeper.check']);
  });

  it('are no more once closed, and refuse what is no tracer', async () => {
    const { keeper, clock, spans, exporter } = traced();
    spans.close();
    keeper.monitor('api', scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.settle();
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(() => recordSpans(keeper, { tracer: {} as never })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'spans.tracer' }),
    );
  });
});
