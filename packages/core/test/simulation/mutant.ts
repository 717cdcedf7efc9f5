import type { Charts } from '../../src/supervisor/charts.ts';

/** A defect put in on purpose. */
export interface Mutant {
  readonly name: string;
  /** The law that must notice it. */
  readonly law: string;
  readonly charts: Partial<Charts>;
}

export const mutant = (name: string, law: string, charts: Partial<Charts>): Mutant => ({ name, law, charts });
