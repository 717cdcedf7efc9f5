import { type Inbox, inbox } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { Health, Supervisor } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

const tell = (keeper: Supervisor, health: Health) => keeper.broadcast({ type: 'health', topic: 'api', health });

async function keepClients(...clients: readonly Inbox[]) {
  const kept = createTestSupervisor({ notifier: { stallAfterMs: 1_000, evictAfterMs: 1_000 } });
  clients.forEach((client, index) => {
    kept.keeper.notifier(`client ${index}`, client.deliver, { topics: ['api'] });
  });
  await kept.clock.settle();
  return kept;
}

describe('a change of health', () => {
  it('has converged when the last client was told, and says how long that took', async () => {
    const [fast, slow] = [inbox(), inbox('hold')];
    const { keeper, clock, of } = await keepClients(fast, slow);
    tell(keeper, 'unhealthy');
    await clock.advance(300);
    expect(of('notice.converged')).toEqual([]);
    slow.release();
    await clock.settle();
    expect(of('notice.converged')).toMatchObject([
      { topic: 'api', seq: 1, notifiers: 2, told: 2, tookMs: 300, at: clock.now() },
    ]);
  });

  it('counts a client that was evicted as not told', async () => {
    const { keeper, clock, of } = await keepClients(inbox(), inbox('hold'));
    tell(keeper, 'unhealthy');
    await clock.advance(2_000);
    expect(of('notice.converged')).toMatchObject([{ notifiers: 2, told: 1, tookMs: 2_000 }]);
  });

  it('never converges when a newer one of its topic overtakes it', async () => {
    const slow = inbox('hold');
    const { keeper, clock, of } = await keepClients(inbox(), slow);
    tell(keeper, 'unhealthy');
    await clock.settle();
    for (const health of ['healthy', 'degraded'] as const) tell(keeper, health);
    await clock.advance(100);
    slow.release();
    await clock.settle();
    expect(slow.said).toEqual(['api=unhealthy', 'api=degraded']);
    expect(of('notice.converged')).toMatchObject([{ seq: 3, notifiers: 2, told: 2, tookMs: 100 }]);
  });

  it('does not wait for a client that came while it was under way', async () => {
    const [slow, late] = [inbox('hold'), inbox('hold')];
    const { keeper, clock, of } = await keepClients(slow);
    tell(keeper, 'unhealthy');
    await clock.settle();
    keeper.notifier('late', late.deliver, { topics: ['api'] });
    await clock.advance(50);
    expect(of('notice.converged')).toEqual([]);
    slow.release();
    await clock.settle();
    expect(of('notice.converged')).toMatchObject([{ notifiers: 1, told: 1, tookMs: 50 }]);
    late.release();
    await clock.settle();
    expect(of('notice.converged')).toHaveLength(1);
  });

  it('counts a client that is told to go instead as not told', async () => {
    const slow = inbox('hold');
    const { keeper, clock, of } = await keepClients(slow);
    tell(keeper, 'unhealthy');
    await clock.settle();
    tell(keeper, 'healthy');
    keeper.broadcast({ type: 'goaway', reason: 'moving', graceMs: 0 });
    await clock.settle();
    expect(of('notice.converged')).toMatchObject([{ seq: 2, notifiers: 1, told: 0 }]);
  });

  it('is not counted twice when its client takes it after all, once evicted', async () => {
    const slow = inbox('hold');
    const { keeper, clock, of } = await keepClients(inbox('hold'), slow);
    tell(keeper, 'unhealthy');
    await clock.settle();
    keeper.notifier('client 1', inbox().deliver, { topics: ['api'] });
    slow.release();
    await clock.advance(500);
    expect(of('notice.converged')).toEqual([]);
    await clock.advance(1_500);
    expect(of('notice.converged')).toMatchObject([{ notifiers: 2, told: 0 }]);
  });

  it('publishes nothing for a notice that went out to nobody', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    tell(keeper, 'unhealthy');
    await clock.settle();
    expect(of('notice.broadcast')).toHaveLength(1);
    expect(of('notice.converged')).toEqual([]);
  });
});

describe('a check', () => {
  it('says how long it took, from its turn until its end', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const wait = (ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
    const answers = {
      slow: () => wait(40).then(() => ({ status: 'pass' as const })),
      broken: () => wait(70).then(() => Promise.reject(new Error('broken'))),
    };
    for (const [id, probe] of Object.entries(answers)) keeper.monitor(id, probe, { intervalMs: 1_000 });
    keeper.start();
    await clock.advance(100);
    expect(of('verdict.judged')).toMatchObject([{ id: 'slow', tookMs: 40 }]);
    expect(of('check.failed')).toMatchObject([{ id: 'broken', tookMs: 70 }]);
  });
});
