import type { Labels, MetricFamily } from '../metrics/metricFamily.ts';

/** The differences between the two text formats. */
interface Dialect {
  readonly contentType: string;
  readonly end: string;
  /** The lines that describe a family. */
  head(family: MetricFamily): readonly string[];
  /** The label that names the state in a set of states. */
  stateLabel(name: string): string;
  bound(bound: number): string;
}

const helpEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n' };
const valueEscapes: Readonly<Record<string, string>> = { ...helpEscapes, '"': '\\"' };

const escapeHelp = (text: string): string => text.replace(/[\\\n]/g, (mark) => helpEscapes[mark] ?? mark);
const escapeValue = (text: string): string => encodable(text).replace(/[\\\n"]/g, (mark) => valueEscapes[mark] ?? mark);

/**
 * UTF-8 writes every lone surrogate as U+FFFD, so values that differ would become one series, and Prometheus refuses a
 * scrape with a series twice. Each is written as U+FFFD and its hexadecimal code instead; a U+FFFD that would read as
 * such a pair is written the same way, so that no two values are ever written alike.
 */
const encodable = (text: string): string =>
  text.replace(
    /\p{Surrogate}|\ufffd(?=[\da-f]{4})/gu,
    (unit) => `\ufffd${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Suffix of a sample's name, by kind of family. */
const suffixes = { counter: '_total', info: '_info', gauge: '', stateset: '', histogram: '' } as const;

const sampleName = ({ kind, name }: MetricFamily): string => name + suffixes[kind];

/** Version 0.0.4 knows neither sets of states nor infos: both are gauges there. */
const prometheus: Dialect = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  end: '',
  head(family) {
    const name = sampleName(family);
    const type = family.kind === 'info' || family.kind === 'stateset' ? 'gauge' : family.kind;
    return [`# HELP ${name} ${escapeHelp(family.help)}`, `# TYPE ${name} ${type}`];
  },
  stateLabel: () => 'state',
  bound: numberText,
};

const openMetrics: Dialect = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  end: '# EOF\n',
  head({ name, kind, unit, help }) {
    const unitLine = unit === undefined ? [] : [`# UNIT ${name} ${unit}`];
    return [`# TYPE ${name} ${kind}`, ...unitLine, `# HELP ${name} ${escapeValue(help)}`];
  },
  stateLabel: (name) => name,
  bound: (bound) => (Number.isInteger(bound) ? `${bound}.0` : numberText(bound)),
};

/** A text and the content type it must be served with. */
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/** Writes the families in Prometheus' text format 0.0.4. */
export function prometheusText(families: readonly MetricFamily[]): Exposition {
  return expose(families, prometheus);
}

/** Writes the families in OpenMetrics 1.0. */
export function openMetricsText(families: readonly MetricFamily[]): Exposition {
  return expose(families, openMetrics);
}

function expose(families: readonly MetricFamily[], dialect: Dialect): Exposition {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap((family) => [...dialect.head(family), ...samplesOf(family, dialect)]);
  return { contentType: dialect.contentType, body: [...lines, dialect.end].join('\n') };
}

function samplesOf(family: MetricFamily, dialect: Dialect): string[] {
  const name = sampleName(family);
  switch (family.kind) {
    case 'counter':
    case 'gauge':
      return family.samples.map(({ labels, value }) => line(name, pairsOf(labels), value));
    case 'info':
      return family.samples.map(({ labels }) => line(name, pairsOf(labels), 1));
    case 'stateset': {
      const ends = family.states.map((state) => [state, pairsOf({ [dialect.stateLabel(name)]: state })] as const);
      return family.samples.flatMap(({ labels, state }) => {
        const pairs = pairsOf(labels);
        return ends.map(([each, end]) => line(name, joined(pairs, end), each === state ? 1 : 0));
      });
    }
    case 'histogram':
      return family.samples.flatMap(({ labels, buckets, sum, count }) => {
        const pairs = pairsOf(labels);
        const upTo = (bound: number) => joined(pairs, pairsOf({ le: dialect.bound(bound) }));
        return [
          ...buckets.map(([bound, values]) => line(`${name}_bucket`, upTo(bound), values)),
          line(`${name}_sum`, pairs, sum),
          line(`${name}_count`, pairs, count),
        ];
      });
  }
}

/** Labels as they stand between the braces. */
function pairsOf(labels: Labels): string {
  return Object.entries(labels)
    .map(([label, text]) => `${label}="${escapeValue(text)}"`)
    .join(',');
}

const joined = (pairs: string, more: string): string => (pairs === '' ? more : `${pairs},${more}`);

const line = (name: string, pairs: string, value: number): string =>
  `${name}${pairs === '' ? '' : `{${pairs}}`} ${numberText(value)}`;

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
