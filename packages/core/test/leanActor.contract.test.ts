import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createActor } from 'xstate';
import { createLeanActor } from '../src/index.ts';
import { type Cases, ContractWorld } from './support/actorContract/contractWorld.ts';
import { ending } from './support/actorContract/ending.ts';
import { events } from './support/actorContract/events.ts';
import { logics } from './support/actorContract/logics.ts';
import { observing } from './support/actorContract/observing.ts';
import { parentsAndChildren } from './support/actorContract/parentsAndChildren.ts';

const contract: Record<string, Cases> = {
  'processing events': events,
  'being observed': observing,
  ending: ending,
  'having parents and children': parentsAndChildren,
  'running logics of every kind': logics,
};

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** Runs a case to its end, and notes every uncaught exception. */
async function runCase(world: ContractWorld, run: Cases[string]): Promise<unknown[]> {
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
      const expected = await runCase(new ContractWorld(createActor), run);
      const seen = await runCase(new ContractWorld(createLeanActor as unknown as typeof createActor), run);
      expect(expected).not.toEqual([]);
      expect(seen).toEqual(expected);
    });
  });
}
