import { afterEach, beforeEach, it, vi } from 'vitest';
import { cases, expectTwins } from './randomCases.ts';
import { randomDeeds } from './randomMachine.ts';

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

it(`random machines saved and brought back midway do the same interpreted and compiled, ${cases} cases`, {
  timeout: 3_000 * cases,
}, () => {
  expectTwins(randomDeeds);
});
