import { WatchkeeperError } from '@watchkeeper/core';
import type { Violation } from './violations.ts';

/** The options that make a simulation repeat, as plain JSON. */
export interface SimulationStory {
  readonly seed: number;
  /** Up to and with the step that broke the law. */
  readonly steps: number;
  readonly crowd: number;
  readonly minLifeMs: number;
}

/**
 * A simulated supervisor broke a law. The message names the laws and the last moves, and ends with the call that tells the
 * same story again.
 *
 * @example
 * ```ts
 * import { SimulationError, simulate } from '@watchkeeper/testing';
 *
 * for (let seed = 0; seed < 100; seed++) {
 *   await simulate({ seed }).catch((error: unknown) => {
 *     if (error instanceof SimulationError) console.error(error.violations.map(({ law }) => law), error.moves.at(-1));
 *     throw error;
 *   });
 * }
 * ```
 */
export class SimulationError extends WatchkeeperError {
  readonly code = 'SIMULATION_FAILED';
  /** The seed whose story ends in this. */
  readonly seed: number;
  /** The step after which it showed, counted from 1. */
  readonly step: number;
  readonly violations: readonly Violation[];
  /** Tells it again: `simulate({ ...error.story, createSupervisor })`. Can be kept in a file. */
  readonly story: SimulationStory;
  /** The last moves before it, the oldest first. */
  readonly moves: readonly string[];

  /** @internal */
  constructor(
    { seed, crowd, minLifeMs }: Omit<SimulationStory, 'steps'>,
    step: number,
    violations: readonly Violation[],
    moves: readonly string[],
  ) {
    const given = { seed, steps: step, ...(crowd === 6 ? {} : { crowd }), ...(minLifeMs === 0 ? {} : { minLifeMs }) };
    const flags = Object.entries(given).map(([name, value]) => `--${kebab(name)} ${value}`);
    const call = JSON.stringify(given).replaceAll('"', '').replaceAll(/[:,]/g, '$& ');
    const found = violations.map(({ law, found }) => `  ${law}: ${found}`).join('\n');
    const last = moves.map((move) => `  ${move}`).join('\n');
    super(
      `Step ${step} of seed ${seed} broke a law:\n${found}\nThe last moves:\n${last}\n` +
        `Play it again: simulate(${call}), or npm run simulate -- ${flags.join(' ')}`,
    );
    this.seed = seed;
    this.step = step;
    this.story = { seed, steps: step, crowd, minLifeMs };
    this.violations = violations;
    this.moves = moves;
  }
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
