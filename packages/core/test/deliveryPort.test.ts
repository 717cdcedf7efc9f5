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

describe('a delivery port that was idle when it was offered a notice', () => {
  it('delivers what comes meanwhile after it, in order (INV-4)', async () => {
    const { keeper, clock, client, notifier, of } = await resting();
    tell(keeper, 'api', 'unhealthy');
    expect([notifier.state, notifier.pending]).toEqual(['delivering', 1]);
    tell(keeper, 'db', 'degraded');
    tell(keeper, 'api', 'healthy');
    tell(keeper, 'api', 'degraded');
    expect(notifier.pending).toBe(3);
    await clock.settle();
    expect(client.said).toEqual(['=healthy', 'api=unhealthy', 'db=degraded', 'api=degraded']);
    expect([notifier.state, notifier.pending, of('notice.coalesced').length]).toEqual(['idle', 0, 1]);
  });

  it('delivers a goaway after it, which ends the client (INV-5)', async () => {
    const { keeper, clock, client, notifier } = await resting();
    tell(keeper, 'api', 'unhealthy');
    keeper.broadcast({ type: 'goaway', reason: 'scale-up', graceMs: 0 });
    tell(keeper, 'api', 'healthy');
    await clock.settle();
    expect(client.said).toEqual(['=healthy', 'api=unhealthy', 'goaway']);
    expect(await notifier.closed).toBe('goaway');
  });

  it('drops it when its notifier is closed before the delivery begins, and reports that (INV-7)', async () => {
    const { keeper, clock, client, notifier, of } = await resting();
    tell(keeper, 'api', 'unhealthy');
    notifier.close();
    await clock.settle();
    expect(client.said).toEqual(['=healthy']);
    expect(of('notice.dropped')).toMatchObject([{ id: 'a', reason: 'peer', notice: { topic: 'api' } }]);
  });

  it('shows a client that is slow with it as stalled, and evicts it', async () => {
    const { keeper, clock, notifier, of } = await resting('hold');
    tell(keeper, 'api', 'unhealthy');
    await clock.advance(5_000);
    expect([notifier.state, of('delivery.stalled').length]).toEqual(['stalled', 1]);
    await clock.advance(30_000);
    expect(await notifier.closed).toBe('stalled');
    expect(of('notice.dropped')).toMatchObject([{ reason: 'stalled', notice: { topic: 'api' } }]);
  });

  it('ends a client that throws alone, with the notice counted (INV-52)', async () => {
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
    expect(of('notice.dropped')).toMatchObject([{ reason: 'failed', notice: { topic: 'api' } }]);
  });

  it('delivers next what its client broadcasts during the delivery', async () => {
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
  ])('and a client that takes it %s is told of to the notifier only if it is waited for', async (_, take, heard) => {
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
