import { createSupervisor, type Supervisor, type SupervisorOptions } from '@watchkeeper/core';
import { callable, count, positiveCount, type Rules, resolveOptions } from '@watchkeeper/core/options';
import { settle } from '../clock/settle.ts';
import { checkEvents } from './checker/eventChecker.ts';
import { checkState } from './checker/stateChecker.ts';
import { SeededRandom } from './seededRandom.ts';
import { SimulationError } from './simulationError.ts';
import { drawMove } from './workload/workload.ts';
import { World } from './world.ts';

/** Options of {@link simulate}. */
export interface SimulationOptions {
  /**
   * Names the story: the same seed and steps tell the same one.
   * @default 0
   */
  readonly seed?: number;
  /**
   * How many things happen. After each of them all laws are held.
   * @default 200
   */
  readonly steps?: number;
  /**
   * How many clients, sessions and monitors there may be at once, of each. From 30 on there are storms, too: hundreds of
   * changes at once, with clients that are slow in them.
   * @default 6
   */
  readonly crowd?: number;
  /**
   * How long each supervisor lives before it may be drained or stopped, in virtual milliseconds: a soak.
   * @default 0
   */
  readonly minLifeMs?: number;
  /**
   * Makes the supervisor that is put to the test. It must pass on what it is given, and may add to it: a supervisor
   * that is wrapped, or follows its own events, keeps the laws like any other.
   * @default createSupervisor
   */
  readonly createSupervisor?: (options: SupervisorOptions) => Supervisor;
  /**
   * Called after each step with how far the story is; returning `false` ends it there.
   * @default nobody
   */
  readonly onStep?: (progress: SimulationProgress) => boolean | undefined;
}

/** Progress of a simulation, after one step. */
export interface SimulationProgress {
  readonly step: number;
  /** Virtual time that has passed, in milliseconds, over all lives. */
  readonly virtualMs: number;
  /** The supervisor that lives now. */
  readonly keeper: Supervisor;
}

/** Report of a simulation that found no violation. */
export interface SimulationReport {
  readonly seed: number;
  /** Steps that were made. */
  readonly steps: number;
  /** Supervisors that lived and were over in it. */
  readonly lives: number;
  /** Virtual time that passed, in milliseconds, over all lives. */
  readonly virtualMs: number;
  /** How often each move was made. */
  readonly moves: Readonly<Record<string, number>>;
}

/** Defaults of {@link SimulationOptions}. */
export const simulationDefaults = {
  seed: 0,
  steps: 200,
  crowd: 6,
  minLifeMs: 0,
  createSupervisor,
  onStep: () => undefined,
} as const satisfies Required<SimulationOptions>;

const rules: Rules<SimulationOptions> = {
  seed: count,
  steps: positiveCount,
  crowd: positiveCount,
  minLifeMs: count,
  createSupervisor: callable<(options: SupervisorOptions) => Supervisor>(),
  onStep: callable<Required<SimulationOptions>['onStep']>(),
};

/** How many moves an error names. */
const namedMoves = 25;
/** Moves made on a supervisor that has ended, before the next one begins. */
const maxMovesAfterEnd = 3;

/**
 * Lives one random story of a supervisor with clients, sessions and monitors on a virtual clock: slow, dead, broken and
 * replaced clients, sessions that leave or hang, targets that flap or never answer, frozen and set clocks, and a
 * drain, stop or abort at any moment. After each step every law of health supervision that can be seen from outside
 * is held; a supervisor that has ended is followed by a new one.
 *
 * No real time passes and nothing is asked of the network.
 *
 * @throws {@link SimulationError} naming the laws that did not hold, the last moves, and the command that replays them.
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { simulate } from '@watchkeeper/testing';
 *
 * const { lives, virtualMs } = await simulate({ seed: 42, steps: 500 });
 * console.log(`${lives} supervisors lived for ${virtualMs} ms`);
 * ```
 * @example Checks the laws on a supervisor as an application makes it.
 * ```ts
 * import { createSupervisor, type SupervisorOptions } from '@watchkeeper/core';
 * import { simulate } from '@watchkeeper/testing';
 *
 * function createOrdersKeeper(options: SupervisorOptions) {
 *   const keeper = createSupervisor({ ...options, name: 'orders' });
 *   keeper.events$.subscribe((event) => {
 *     if (event.type === 'alert.raised') keeper.broadcast({ type: 'health', topic: 'alerts', health: 'degraded' });
 *   });
 *   return keeper;
 * }
 * for (let seed = 0; seed < 200; seed++) await simulate({ seed, createSupervisor: createOrdersKeeper });
 * ```
 */
export async function simulate(options?: SimulationOptions): Promise<SimulationReport> {
  const resolved = resolveOptions<Required<SimulationOptions>>('simulate', rules, simulationDefaults, options);
  const { seed, steps, crowd, minLifeMs } = resolved;
  const random = new SeededRandom(seed);
  const begin = () => {
    const next = new World(random, resolved.createSupervisor, { crowd, minLifeMs });
    checkEvents(next);
    return next;
  };
  let world = begin();
  const last: string[] = [];
  const made: Record<string, number> = {};
  let lives = 0;
  let virtualMs = 0;
  let step = 0;

  for (let goesOn: boolean | undefined; step < steps && goesOn !== false; ) {
    step += 1;
    const move = drawMove(world);
    const moved = await move.play(world);
    await settle();
    if (moved !== undefined) {
      made[move.name] = (made[move.name] ?? 0) + 1;
      last.push(`${step} at ${world.activeMs} ms: ${move.name} (${moved})`);
      if (last.length > namedMoves) last.shift();
    }
    checkState(world, step);
    world.rushed = false;
    const violations = world.violations.take();
    if (violations.length > 0) throw new SimulationError(resolved, step, violations, last);
    goesOn = resolved.onStep({ step, virtualMs: virtualMs + world.activeMs, keeper: world.keeper });
    if (!world.ended) continue;
    world.movesAfterEnd += 1;
    if (world.movesAfterEnd <= maxMovesAfterEnd) continue;
    lives += 1;
    virtualMs += world.activeMs;
    world = begin();
    last.push('a new supervisor');
  }
  return { seed, steps: step, lives, virtualMs: virtualMs + world.activeMs, moves: made };
}
