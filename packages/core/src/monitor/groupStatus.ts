import type { Health } from '../model/health.ts';

/** Several monitors as one, at one moment: a composite, or all that have a tag. Plain and serialisable. */
export type GroupStatus = {
  /** The id of the composite or monitor, or the tag. */
  readonly name: string;
  readonly health: Health;
  /** One line on why. */
  readonly detail?: string;
  /** The ids of its members; of a monitor that is no composite its own. */
  readonly members: readonly string[];
};
