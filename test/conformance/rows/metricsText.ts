import type { Table } from './row.ts';

const escaping = 'Prometheus text format 0.0.4, and OpenMetrics 1.0, "Escaping"';

/** Ids of monitors, and the lines by which a parser must find the same ids again. */
export const metricsText: Table<string, string> = {
  title: 'Prometheus text and OpenMetrics: labels',
  foreign: ['parse-prometheus-text-format'],
  rows: [
    { rule: 'a plain value stands as it is', source: escaping, input: 'api', expected: 'monitor="api"' },
    { rule: 'a quote is escaped', source: escaping, input: 'a"b', expected: 'monitor="a\\"b"' },
    { rule: 'a backslash is escaped', source: escaping, input: 'a\\b', expected: 'monitor="a\\\\b"' },
    { rule: 'a backslash before an n is no line end', source: escaping, input: 'a\\nb', expected: 'monitor="a\\\\nb"' },
    { rule: 'a line end is escaped', source: escaping, input: 'a\nb', expected: 'monitor="a\\nb"' },
    {
      rule: 'braces, commas and equals signs stand as they are',
      source: escaping,
      input: 'a{b="c",d}',
      expected: 'monitor="a{b=\\"c\\",d}"',
    },
    { rule: 'a hash stands as it is', source: escaping, input: 'a # b', expected: 'monitor="a # b"' },
    { rule: 'any Unicode stands as it is', source: escaping, input: 'žluť 🐴', expected: 'monitor="žluť 🐴"' },
  ],
};
