import type { World } from '../world.ts';

/** One operation of the workload: something that may happen to a supervisor. */
export interface Move {
  readonly name: string;
  /** How often it is drawn, beside the weights of the others. */
  readonly weight: number;
  /** Makes it happen; @returns what was moved, or nothing when it was not possible now. */
  play(world: World): string | undefined | Promise<string | undefined>;
}

/** The topics that clients follow and broadcasts are about. */
export const topics = ['alpha', 'beta', 'gamma'] as const;
