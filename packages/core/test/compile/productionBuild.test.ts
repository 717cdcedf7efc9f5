import { expect, it } from 'vitest';
import { isDevelopmentBuild } from '../../src/xstate/build.ts';
import { productionTwins } from '../support/productionBuild.ts';

it('tells XState’s two builds apart', async () => {
  expect(isDevelopmentBuild).toBe(true);
  expect((await productionTwins()).isDevelopmentBuild).toBe(false);
});

it('does what the interpreter does on the build for production: stray events', async () => {
  for (const [name, interpreted, compiled, lean] of (await productionTwins()).strayOutcomes()) {
    expect({ name, outcome: compiled }).toEqual({ name, outcome: interpreted });
    expect({ name, outcome: lean }).toEqual({ name, outcome: interpreted });
  }
});

it('does what the interpreter does on the build for production: sample machines', async () => {
  expect((await productionTwins()).differingSamples()).toEqual([]);
});
