import { WatchkeeperError } from '@watchkeeper/core';
import type { Violation } from './court.ts';

/** What names a story, and tells it again. */
interface Story {
  readonly seed: number;
  readonly steps: number;
  readonly crowd: number;
  readonly minLifeMs: number;
}

/** A simulated supervisor broke a law. The message ends with the command that plays the same story again. */
export class SimulationError extends WatchkeeperError {
  readonly code = 'SIMULATION_FAILED';
  /** The seed whose story ends in this. */
  readonly seed: number;
  /** The step after which it showed, counted from 1. */
  readonly step: number;
  readonly violations: readonly Violation[];
  /** The last moves before it, the oldest first. */
  readonly moves: readonly string[];

  constructor(
    { seed, steps, crowd, minLifeMs }: Story,
    step: number,
    violations: readonly Violation[],
    moves: readonly string[],
  ) {
    const rest = `${crowd === 6 ? '' : ` --crowd ${crowd}`}${minLifeMs === 0 ? '' : ` --min-life-ms ${minLifeMs}`}`;
    const found = violations.map(({ law, found }) => `  ${law}: ${found}`).join('\n');
    const last = moves.map((move) => `  ${move}`).join('\n');
    super(
      `Step ${step} of seed ${seed} broke a law:\n${found}\nThe last moves:\n${last}\n` +
        `Play it again: npm run simulate -- --seed ${seed} --steps ${Math.min(steps, step)}${rest}`,
    );
    this.seed = seed;
    this.step = step;
    this.violations = violations;
    this.moves = moves;
  }
}
