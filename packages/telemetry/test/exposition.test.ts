import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MetricFamily, openMetricsText, prometheusText } from '../src/index.ts';
import { readExposition } from './support/readExposition.ts';

const families: readonly MetricFamily[] = [
  {
    kind: 'counter',
    name: 'seen',
    help: 'A "count" of\\things.',
    samples: [{ labels: { of: 'a"b\\c\nd' }, value: 3 }],
  },
  { kind: 'info', name: 'program', help: 'Which.', samples: [{ labels: { name: 'orders' } }] },
  { kind: 'stateset', name: 'door', help: 'How.', states: ['open', 'shut'], samples: [{ labels: {}, state: 'shut' }] },
  {
    kind: 'histogram',
    name: 'wait_seconds',
    unit: 'seconds',
    help: 'How long.',
    samples: [
      {
        labels: { at: 'x' },
        buckets: [
          [0.5, 1],
          [1, 2],
          [Number.POSITIVE_INFINITY, 3],
        ],
        sum: 7.25,
        count: 3,
      },
    ],
  },
  { kind: 'gauge', name: 'unheard_of', help: 'Nothing.', samples: [] },
];

describe("Prometheus' text", () => {
  it('shows infos and sets of states as gauges, and escapes what has to be', () => {
    expect(prometheusText(families)).toEqual({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      body: [
        '# HELP seen_total A "count" of\\\\things.',
        '# TYPE seen_total counter',
        'seen_total{of="a\\"b\\\\c\\nd"} 3',
        '# HELP program_info Which.',
        '# TYPE program_info gauge',
        'program_info{name="orders"} 1',
        '# HELP door How.',
        '# TYPE door gauge',
        'door{state="open"} 0',
        'door{state="shut"} 1',
        '# HELP wait_seconds How long.',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{at="x",le="0.5"} 1',
        'wait_seconds_bucket{at="x",le="1"} 2',
        'wait_seconds_bucket{at="x",le="+Inf"} 3',
        'wait_seconds_sum{at="x"} 7.25',
        'wait_seconds_count{at="x"} 3',
        '',
      ].join('\n'),
    });
  });
});

describe('OpenMetrics', () => {
  it('names families without suffix, says units, labels states by the metric, and ends with EOF', () => {
    expect(openMetricsText(families)).toEqual({
      contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
      body: [
        '# TYPE seen counter',
        '# HELP seen A \\"count\\" of\\\\things.',
        'seen_total{of="a\\"b\\\\c\\nd"} 3',
        '# TYPE program info',
        '# HELP program Which.',
        'program_info{name="orders"} 1',
        '# TYPE door stateset',
        '# HELP door How.',
        'door{door="open"} 0',
        'door{door="shut"} 1',
        '# TYPE wait_seconds histogram',
        '# UNIT wait_seconds seconds',
        '# HELP wait_seconds How long.',
        'wait_seconds_bucket{at="x",le="0.5"} 1',
        'wait_seconds_bucket{at="x",le="1.0"} 2',
        'wait_seconds_bucket{at="x",le="+Inf"} 3',
        'wait_seconds_sum{at="x"} 7.25',
        'wait_seconds_count{at="x"} 3',
        '# EOF',
        '',
      ].join('\n'),
    });
  });
});

describe('both texts', () => {
  // Every code point that UTF-8 can write, and often those with a meaning of their own. fast-check's 'binary' has them too, but lists them all
  // before it begins.
  const unit = fc.oneof(
    fc
      .nat({ max: 0x10ffff })
      .map((point) => String.fromCodePoint(point))
      .filter((character) => !/\p{Surrogate}/u.test(character)),
    fc.constantFrom('"', '\\', '\n', '\r', 'n'),
  );
  const text = fc.string({ unit });
  const samples = fc.array(fc.record({ text, value: fc.double() }), { minLength: 1 });

  it.each([
    ['Prometheus', prometheusText],
    ['OpenMetrics', openMetricsText],
  ])('give back every label and value that was written, whatever it holds (%s)', (_, write) => {
    fc.assert(
      fc.property(samples, text, (given, help) => {
        const family: MetricFamily = {
          kind: 'gauge',
          name: 'any',
          help,
          samples: given.map(({ text, value }) => ({ labels: { of: text }, value })),
        };
        const read = readExposition(write([family]).body);
        expect(read).toEqual(given.map(({ text, value }) => ({ name: 'any', labels: { of: text }, value: value + 0 })));
      }),
    );
  });

  // Halves of surrogate pairs, what UTF-8 makes of them, and what they are written as.
  const hostile = fc.string({
    unit: fc.constantFrom('\ud800', '\udbff', '\udc00', '\ufffd', 'd', 'f', '8', '0', '\\'),
  });

  it.each([
    ['Prometheus', prometheusText],
    ['OpenMetrics', openMetricsText],
  ])('have a series for each label still when they are sent as UTF-8, lone surrogates too (%s)', (_, write) => {
    const sent = (labels: readonly string[]): string[] => {
      const samples = labels.map((of) => ({ labels: { of }, value: 1 }));
      const { body } = write([{ kind: 'gauge', name: 'any', help: '', samples }]);
      return readExposition(Buffer.from(body).toString()).map(({ labels: { of = '' } }) => of);
    };
    expect(sent(['a\ud800', 'a\udc00', 'a\ufffd', 'a\ufffdd800'])).toEqual([
      'a\ufffdd800',
      'a\ufffddc00',
      'a\ufffd',
      'a\ufffdfffdd800',
    ]);
    fc.assert(
      fc.property(fc.uniqueArray(hostile, { minLength: 2 }), (labels) => {
        expect(new Set(sent(labels)).size).toBe(labels.length);
      }),
    );
  });
});
