import type { LawWatch } from '../laws/watchLaws.ts';
import { countedBy, type MetricFamily } from './metricFamily.ts';

/** Returns how often each law did not hold; one that always held is there, with 0. */
export function lawFamily({ violations }: Pick<LawWatch, 'violations'>): MetricFamily {
  const help = 'Times that a law did not hold, by its name. Must read 0.';
  return countedBy('counter', 'watchkeeper_law_violations', help, 'law', Object.entries(violations));
}
