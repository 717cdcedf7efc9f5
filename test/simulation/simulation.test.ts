import { createSupervisor } from '@watchkeeper/core';
import { SimulationError, type SimulationProgress, type SimulationReport, simulate } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';

/** How many stories an ordinary run of the tests tells; the checks of a change tell ten thousand, these among them. */
const stories = 150;

let told: Promise<readonly SimulationReport[]> | undefined;

/** What the stories went through; they are told once, whoever asks. */
function tellStories(): Promise<readonly SimulationReport[]> {
  told ??= (async () => {
    const reports: SimulationReport[] = [];
    for (let seed = 0; seed < stories; seed++) reports.push(await simulate({ seed }));
    return reports;
  })();
  return told;
}

describe('a simulated supervisor', () => {
  it('holds every law in every story (INV-3, INV-4, INV-5, INV-6, INV-7, INV-8, INV-9, INV-14, INV-15, INV-17, INV-19, INV-25, INV-26, INV-27, INV-28, INV-29, INV-30, INV-31, INV-32, INV-33, INV-34, INV-36, INV-37, INV-39, INV-40, INV-44, INV-45, INV-46, INV-48, INV-57, INV-58, INV-60, INV-62, INV-63, INV-64, INV-65, INV-67, INV-72, INV-77, INV-79)', async () => {
    const lives = (await tellStories()).reduce((sum, report) => sum + report.lives, 0);
    expect(lives).toBeGreaterThan(stories);
  });

  it('holds every law in a crowd of hundreds', async () => {
    let most = 0;
    const onStep = ({ keeper }: SimulationProgress) => {
      most = Math.max(most, keeper.stats().notifiers.open);
      return most < 500;
    };
    await simulate({ seed: 1, steps: 5_000, crowd: 1_000, onStep });
    expect(most).toBeGreaterThanOrEqual(500);
  });

  it('holds every law in storms: once calm, whoever reads has the latest of every topic (INV-1, INV-4, INV-8)', async () => {
    const made = new Set<string>();
    for (let seed = 0; seed < 6; seed++) {
      const { moves } = await simulate({ seed, steps: 300, crowd: 60 });
      for (const name of Object.keys(moves)) made.add(name);
    }
    expect(made).toContain('change many topics at once');
    expect(made).toContain('let a slow client take many');
  });

  it('tells the same story for the same seed', async () => {
    const storm = await simulate({ seed: 11, steps: 100, crowd: 40 });
    expect(await simulate({ seed: 11, steps: 100, crowd: 40 })).toEqual(storm);
    const first = await simulate({ seed: 11, steps: 400 });
    expect(await simulate({ seed: 11, steps: 400 })).toEqual(first);
    expect(await simulate({ seed: 12, steps: 400 })).not.toEqual({ ...first, seed: 12 });
  });

  it('makes every move', async () => {
    const made = new Set((await tellStories()).flatMap(({ moves }) => Object.keys(moves)));
    expect(made.size).toBe(32);
  });

  it('ends in an error that says how to play it again', async () => {
    const deaf: typeof createSupervisor = (options) => {
      const keeper = createSupervisor(options);
      keeper.start = () => {};
      return keeper;
    };
    const failure: unknown = await simulate({ seed: 4, createSupervisor: deaf }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SimulationError);
    expect(failure).toMatchObject({ code: 'SIMULATION_FAILED', seed: 4 });
    expect((failure as SimulationError).message).toMatch(
      /simulate\(\{seed: 4, steps: (\d+)\}\), or npm run simulate -- --seed 4 --steps \1$/,
    );
    const { step } = failure as SimulationError;
    await expect(simulate({ seed: 4, steps: step, createSupervisor: deaf })).rejects.toThrow(String(step));
  });

  it('refuses an option that breaks its rule, by name', async () => {
    await expect(simulate({ steps: 0 })).rejects.toThrow('simulate.steps');
  });
});
