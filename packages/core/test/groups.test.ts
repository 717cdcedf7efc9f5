import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

/** Three monitors of one tag, which ask every second by their scripts. */
async function shop(scripts: readonly [string, string, string]) {
  const kept = createTestSupervisor({ monitor: { intervalMs: 1_000, jitter: 0 } });
  for (const [index, script] of scripts.entries()) {
    kept.keeper.monitor(`m${index}`, scriptedProbe(script), { tags: ['shop'] });
  }
  kept.keeper.start();
  await kept.clock.settle();
  return kept;
}

describe('a group', () => {
  it('of a composite is what the composite is, unless it is asked for another need (INV-113)', async () => {
    const { keeper, clock } = await shop(['+', '+', '-']);
    const any = keeper.composite('some', { of: ['m0', 'm2'], need: 'any' });
    await clock.settle();
    expect(keeper.groupOf('some')).toEqual({ name: 'some', health: 'healthy', members: ['m0', 'm2'] });
    expect(keeper.groupOf('some', 'all')).toEqual({
      name: 'some',
      health: 'unhealthy',
      detail: '1 of 2 needed; m2 is unhealthy',
      members: ['m0', 'm2'],
    });
    any.pause();
    expect(keeper.groupOf('some')).toMatchObject({ health: 'paused', detail: 'paused' });
  });

  it('of a tag is judged over those that have it, all of them unless told otherwise (INV-113)', async () => {
    const { keeper, clock } = await shop(['+', '~', '-+']);
    const health = (need?: 'any' | number) => keeper.groupOf('shop', need)?.health;
    expect([health(), health('any'), health(2), health(3)]).toEqual(['unhealthy', 'healthy', 'degraded', 'unhealthy']);
    await clock.advance(1_000);
    expect([health(), keeper.groupOf('shop')?.members]).toEqual(['degraded', ['m0', 'm1', 'm2']]);
    keeper.monitor('late', scriptedProbe('?'), { tags: ['shop'] });
    expect([health(), health('any')]).toEqual(['starting', 'healthy']);
  });

  it('of one monitor is that monitor, and its id comes before a tag of the same name', async () => {
    const { keeper, clock } = await shop(['+', '+', '-']);
    expect(keeper.groupOf('m2')).toEqual({
      name: 'm2',
      health: 'unhealthy',
      detail: 'scripted failure',
      members: ['m2'],
    });
    keeper.composite('shop', { of: { tag: 'shop' }, need: 'any' });
    await clock.settle();
    expect(keeper.groupOf('shop')?.health).toBe('healthy');
  });

  it('of a composite that was given up is an error, and nobody is one of a name that nothing has (INV-113)', async () => {
    let broken = false;
    const { keeper, clock, of } = createTestSupervisor({
      intensity: 0,
      random: () => {
        if (broken) throw new Error('no chance');
        return 0.5;
      },
    });
    keeper.monitor('api', scriptedProbe('+'), { staggerMs: 0, tags: ['given-up'] });
    keeper.composite('all', { of: ['api'], need: 'all' });
    keeper.start();
    await clock.settle();
    broken = true;
    keeper.monitorOf('all')?.check();
    await clock.settle();
    broken = false;
    expect(of('supervisor.escalated').map(({ id }) => id)).toEqual(['all']);
    expect([keeper.groupOf('all')?.health, keeper.monitorOf('all')]).toEqual(['error', undefined]);
    expect([keeper.groupOf('nobody'), keeper.groupOf('nobody', 'any')]).toEqual([undefined, undefined]);
  });

  it.each([
    ['', 'all', 'group.name'],
    ['shop', 0, 'group.need'],
    ['shop', 'most', 'group.need'],
    [7, 'all', 'group.name'],
  ])('is refused for name %j and need %j', (name, need, option) => {
    const { keeper } = createTestSupervisor();
    expect(() => keeper.groupOf(name as never, need as never)).toThrow(
      expect.objectContaining({ constructor: InvalidOptionError, option }),
    );
  });
});
