import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createActor } from 'xstate';
import { createLeanActor } from '../src/index.ts';
import { ending } from './contract/ending.ts';
import { events } from './contract/events.ts';
import { family } from './contract/family.ts';
import { following } from './contract/following.ts';
import { logics } from './contract/logics.ts';
import { type Cases, World } from './contract/world.ts';

const contract: Record<string, Cases> = {
  'answering events': events,
  'being followed': following,
  'coming to an end': ending,
  'having parents and children': family,
  'running logics of every kind': logics,
};

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** Plays a case to its end, and notes what surfaced as an uncaught exception. */
async function play(world: World, run: Cases[string]): Promise<unknown[]> {
  await run(world);
  while (vi.getTimerCount() > 0) {
    try {
      vi.runOnlyPendingTimers();
    } catch (error) {
      world.note('uncaught', error);
    }
  }
  return world.log;
}

for (const [title, cases] of Object.entries(contract)) {
  describe(`a lean actor is an XState actor in ${title}`, () => {
    it.each(Object.entries(cases))('%s', async (_, run) => {
      const expected = await play(new World(createActor), run);
      const seen = await play(new World(createLeanActor as unknown as typeof createActor), run);
      expect(expected).not.toEqual([]);
      expect(seen).toEqual(expected);
    });
  });
}
