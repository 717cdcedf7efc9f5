import { afterEach, beforeEach, it, vi } from 'vitest';
import { cases, expectTwins } from './randomCases.ts';
import { randomEvents } from './randomMachine.ts';

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

it(`random machines under random events and waits do the same interpreted and compiled, ${cases} cases`, {
  timeout: 3_000 * cases,
}, () => {
  expectTwins(randomEvents);
});
