import { inbox } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { InspectionEvent } from 'xstate';
import type { Supervisor } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

const tell = (keeper: Supervisor, topic: string, health: 'healthy' | 'unhealthy' | 'degraded') =>
  keeper.broadcast({ type: 'health', topic, health });

/** A client that was told the present state, and whose delivery port is idle. */
async function resting(mode?: 'hold') {
  const { keeper, clock, of } = createTestSupervisor();
  const client = inbox();
  const notifier = keeper.notifier('a', client.deliver);
  await clock.settle();
  if (mode === 'hold') client.become('hold');
  return { keeper, clock, of, client, notifier };
}

describe('a client that has read everything', () => {
  it('is told what changed since, the latest of each topic in the order of their last change (INV-4)', async () => {
    const { keeper, clock, client, notifier, of } = await resting();
    tell(keeper, 'api', 'unhealthy');
    expect([notifier.state, notifier.pending]).toEqual(['delivering', 1]);
    tell(keeper, 'db', 'degraded');
    tell(keeper, 'api', 'healthy');
    tell(keeper, 'api', 'degraded');
    expect([notifier.pending, notifier.hasMore]).toEqual([2, true]);
    await clock.settle();
    expect(client.said).toEqual(['=healthy', 'db=degraded', 'api=degraded']);
    expect([notifier.state, notifier.pending]).toEqual(['idle', 0]);
    expect(of('notice.coalesced')).toMatchObject([{ id: 'a', count: 2 }]);
  });

  it('is told to go instead of what was not handed over, and ends (INV-5)', async () => {
    const { keeper, clock, client, notifier, of } = await resting();
    tell(keeper, 'api', 'unhealthy');
    keeper.broadcast({ type: 'goaway', reason: 'scale-up', graceMs: 0 });
    tell(keeper, 'api', 'healthy');
    await clock.settle();
    expect(client.said).toEqual(['=healthy', 'goaway']);
    expect(await notifier.closed).toBe('goaway');
    expect(of('notice.dropped')).toMatchObject([{ id: 'a', count: 1, goaway: false, reason: 'goaway' }]);
  });

  it('is told nothing more when it is closed first, and what waited counts as dropped (INV-7)', async () => {
    const { keeper, clock, client, notifier, of } = await resting();
    tell(keeper, 'api', 'unhealthy');
    notifier.close();
    await clock.settle();
    expect(client.said).toEqual(['=healthy']);
    expect(of('notice.dropped')).toMatchObject([{ id: 'a', count: 1, reason: 'peer' }]);
  });

  it('is shown stalled, and evicted, when it is slow with the next one', async () => {
    const { keeper, clock, notifier, of } = await resting('hold');
    tell(keeper, 'api', 'unhealthy');
    await clock.advance(5_000);
    expect([notifier.state, of('delivery.stalled').length]).toEqual(['stalled', 1]);
    await clock.advance(30_000);
    expect(await notifier.closed).toBe('stalled');
    expect(of('notice.dropped')).toMatchObject([{ count: 1, reason: 'stalled' }]);
  });

  it('is evicted in the same time when it hangs over one notice and is told to go meanwhile (INV-4)', async () => {
    const { keeper, clock, notifier, of } = await resting('hold');
    tell(keeper, 'api', 'unhealthy');
    await clock.advance(1_000);
    keeper.broadcast({ type: 'goaway', reason: 'scale-up', graceMs: 0 });
    await clock.advance(28_999);
    expect(notifier.state).toBe('stalled');
    await clock.advance(1);
    expect(await notifier.closed).toBe('stalled');
    expect(of('notice.dropped')).toMatchObject([{ count: 2, goaway: true, reason: 'stalled' }]);
  });

  it('ends alone when it throws, and the notice counts (INV-52)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    let isBroken = false;
    const broken = keeper.notifier('broken', (_notice) => {
      if (isBroken) throw new Error('gone');
    });
    await clock.settle();
    isBroken = true;
    tell(keeper, 'api', 'unhealthy');
    await clock.settle();
    expect(await broken.closed).toBe('failed');
    expect(of('delivery.failed')).toMatchObject([{ id: 'broken', cause: { message: 'gone' } }]);
    expect(of('notice.dropped')).toMatchObject([{ count: 1, reason: 'failed' }]);
  });

  it('may end itself, or all, in the middle of being told', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const heard: string[] = [];
    const own = keeper.notifier('own', (notice) => {
      heard.push(notice.type);
      own.close();
    });
    keeper.notifier('all', (notice) => {
      heard.push(notice.type);
      if (notice.type === 'health') keeper.broadcast({ type: 'goaway', reason: 'enough', graceMs: 0 });
    });
    for (let topic = 0; topic < 3; topic++) tell(keeper, `t${topic}`, 'healthy');
    await clock.settle();
    expect(heard).toEqual(['health', 'health', 'goaway']);
    expect(of('notice.dropped').map(({ id, count, reason }) => [id, count, reason])).toEqual([
      ['own', 4, 'peer'],
      ['all', 3, 'goaway'],
    ]);
  });

  it('hears next of what it broadcasts while it is told', async () => {
    const { keeper, clock } = createTestSupervisor();
    const heard: string[] = [];
    keeper.notifier('a', (notice) => {
      heard.push(notice.type === 'health' ? `${notice.topic}=${notice.health}` : notice.type);
      if (notice.type === 'health' && notice.topic === 'api') tell(keeper, 'echo', 'degraded');
    });
    await clock.settle();
    tell(keeper, 'api', 'degraded');
    await clock.settle();
    expect(heard).toEqual(['=healthy', 'api=degraded', 'echo=degraded']);
  });

  it.each([
    ['at once', () => undefined, []],
    ['with a promise that is kept already', () => Promise.resolve(), []],
    ['later', (later: Promise<void>) => later, ['delivery.awaited', 'delivery.done']],
  ])('is heard of by its notifier only if it is waited for: one that takes it %s', async (_, take, heard) => {
    const told: string[] = [];
    const inspect = (seen: InspectionEvent) => {
      if (seen.type === '@xstate.event' && seen.event.type.startsWith('delivery.')) told.push(seen.event.type);
    };
    const { keeper, clock, of } = createTestSupervisor({ inspect });
    const later = () => new Promise<void>((resolve) => clock.setTimeout(resolve, 10));
    keeper.notifier('a', (_notice) => take(later()));
    await clock.advance(20);
    told.length = 0;
    tell(keeper, 'api', 'unhealthy');
    await clock.advance(20);
    expect(told).toEqual(heard);
    expect(of('notice.converged')).toMatchObject([{ topic: 'api', notifiers: 1, told: 1 }]);
  });
});
