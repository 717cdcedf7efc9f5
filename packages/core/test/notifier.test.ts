import { inbox, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { Notice, Supervisor } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

const tell = (keeper: Supervisor, topic: string, health: 'healthy' | 'unhealthy' | 'degraded') =>
  keeper.broadcast({ type: 'health', topic, health });

describe('a notifier', () => {
  it('tells the present state first, then each change in order (INV-8)', async () => {
    const { keeper, clock } = createTestSupervisor();
    tell(keeper, 'api', 'unhealthy');
    const client = inbox();
    keeper.notifier('a', client.deliver);
    tell(keeper, 'db', 'healthy');
    await clock.settle();
    tell(keeper, 'api', 'healthy');
    await clock.settle();
    expect(client.said).toEqual(['=healthy', 'api=unhealthy', 'db=healthy', 'api=healthy']);
  });

  it('never runs a delivery inside the call that broadcasts', async () => {
    const { keeper, clock } = createTestSupervisor();
    const client = inbox();
    keeper.notifier('a', client.deliver);
    tell(keeper, 'api', 'healthy');
    expect(client.notices).toHaveLength(0);
    await clock.settle();
    expect(client.notices).not.toHaveLength(0);
  });

  it('keeps only the latest of each topic for a busy client, and counts the rest (INV-4)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const client = inbox('hold');
    const notifier = keeper.notifier('slow', client.deliver);
    await clock.settle();
    for (let turn = 0; turn < 10; turn++) {
      tell(keeper, 'api', turn % 2 === 0 ? 'unhealthy' : 'healthy');
      tell(keeper, 'db', 'degraded');
    }
    expect(notifier.pending).toBe(3);
    client.release();
    await clock.settle();
    expect(client.said).toEqual(['=healthy', 'api=healthy', 'db=degraded']);
    expect(of('notice.coalesced')).toMatchObject([{ id: 'slow', count: 18 }]);
    expect(keeper.stats().lost.coalesced).toBe(18);
  });

  it('is not held up by another that never takes anything (INV-1)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const stuck = inbox('hold');
    const quick = inbox();
    keeper.notifier('stuck', stuck.deliver);
    keeper.notifier('quick', quick.deliver);
    for (let turn = 0; turn < 5; turn++) tell(keeper, `t${turn}`, 'healthy');
    await clock.settle();
    expect(quick.notices).toHaveLength(6);
    expect(stuck.notices).toHaveLength(1);
  });

  it('drops nothing of a topic that exists, however many wait', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const client = inbox('hold');
    const notifier = keeper.notifier('slow', client.deliver, { maxPending: 2 });
    await clock.settle();
    for (let topic = 0; topic < 2_000; topic++) tell(keeper, `t${topic}`, 'healthy');
    expect(notifier.pending).toBe(2_001);
    client.release();
    await clock.settle();
    expect([client.notices.length, of('notice.dropped')]).toEqual([2_001, []]);
  });

  it('drops the oldest topic that is gone when too many of those wait, and says so', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.start();
    const client = inbox('hold');
    keeper.notifier('slow', client.deliver, { maxPending: 2 });
    await clock.settle();
    for (const id of ['a', 'b', 'c', 'd']) keeper.monitor(id, scriptedProbe('+')).stop();
    await clock.settle();
    client.release();
    await clock.settle();
    const said = new Set(client.said.map((words) => words.split('=')[0]));
    expect([...said]).toEqual(['', 'c', 'd']);
    expect(of('notice.dropped')).toMatchObject([
      { id: 'slow', count: 1, goaway: false, reason: 'overflow' },
      { id: 'slow', count: 1, goaway: false, reason: 'overflow' },
    ]);
  });

  it('is told the last of a topic that is gone, but not when it comes later (INV-8)', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.start();
    const [slow, late] = [inbox('hold'), inbox()];
    keeper.notifier('slow', slow.deliver);
    await clock.settle();
    keeper.monitor('api', scriptedProbe('+')).stop();
    await clock.settle();
    keeper.notifier('late', late.deliver);
    slow.release();
    await clock.settle();
    expect(slow.said).toContain('api=stopped');
    expect(late.said.filter((words) => words.startsWith('api'))).toEqual([]);
  });

  it('shows a stall, then evicts the client and aborts its delivery', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const client = inbox('hold');
    const notifier = keeper.notifier('slow', client.deliver, { stallAfterMs: 1_000, evictAfterMs: 2_000 });
    await clock.advance(999);
    tell(keeper, 'api', 'healthy');
    expect(notifier.state).toBe('delivering');
    await clock.advance(1);
    expect(notifier.state).toBe('stalled');
    await clock.advance(2_000);
    expect([notifier.state, await notifier.closed, client.aborted]).toEqual(['closed', 'stalled', 1]);
    expect(of('delivery.stalled')).toMatchObject([{ id: 'slow', waitedMs: 1_000 }]);
    expect(of('notice.dropped')).toMatchObject([{ id: 'slow', count: 2, goaway: false, reason: 'stalled' }]);
    expect([keeper.stats().notifiers.open, clock.pending]).toEqual([0, 0]);
  });

  it('recovers from a stall when the client takes the notice after all', async () => {
    const { keeper, clock } = createTestSupervisor();
    const client = inbox('hold');
    const notifier = keeper.notifier('slow', client.deliver, { stallAfterMs: 1_000 });
    await clock.advance(1_500);
    client.release();
    await clock.advance(60_000);
    expect(notifier.state).toBe('idle');
  });

  it.each(['throws', 'rejects'])('ends alone when its client %s (INV-2, INV-52)', async (how) => {
    const { keeper, clock, of } = createTestSupervisor();
    const quick = inbox();
    const broken = keeper.notifier('broken', () => {
      if (how === 'throws') throw new Error('gone');
      return Promise.reject(new Error('gone'));
    });
    keeper.notifier('quick', quick.deliver);
    await clock.settle();
    tell(keeper, 'api', 'healthy');
    await clock.settle();
    expect([await broken.closed, quick.said]).toEqual(['failed', ['=healthy', 'api=healthy']]);
    expect(of('delivery.failed')).toMatchObject([{ id: 'broken', cause: { message: 'gone' } }]);
  });

  it('gives way to a newer one with its key, and never touches it again (INV-6, INV-7)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const old = inbox('hold');
    const first = keeper.notifier('peer', old.deliver);
    await clock.settle();
    const fresh = inbox();
    const second = keeper.notifier('peer', fresh.deliver);
    expect(await first.closed).toBe('replaced');
    old.release();
    first.close();
    tell(keeper, 'api', 'healthy');
    await clock.settle();
    expect(old.said).toEqual(['=healthy']);
    expect(fresh.said).toEqual(['=healthy', 'api=healthy']);
    expect([second.state, keeper.stats().notifiers.open]).toEqual(['idle', 1]);
  });

  it('delivers a goaway before anything that waits, and nothing after it (INV-4, INV-5)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const client = inbox('hold');
    const notifier = keeper.notifier('slow', client.deliver);
    await clock.settle();
    tell(keeper, 'api', 'unhealthy');
    keeper.broadcast({ type: 'goaway', reason: 'scale-up', graceMs: 0 });
    tell(keeper, 'api', 'healthy');
    client.release();
    await clock.settle();
    expect(client.said).toEqual(['=healthy', 'goaway']);
    expect(await notifier.closed).toBe('goaway');
    expect(of('notice.dropped')).toMatchObject([{ count: 1, goaway: false, reason: 'goaway' }]);
  });

  it('accounts for a goaway that its client was too slow for (INV-4, INV-77)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const client = inbox('hold');
    const notifier = keeper.notifier('slow', client.deliver);
    await clock.settle();
    keeper.broadcast({ type: 'goaway', reason: 'scale-up', graceMs: 0 });
    notifier.close();
    await clock.settle();
    expect(of('notice.dropped')).toMatchObject([{ count: 2, goaway: true, reason: 'peer' }]);
    expect(keeper.stats().lost.dropped).toBe(2);
  });

  it('makes no signal for a deliver that declares one parameter, and one signal for any other', async () => {
    const { keeper, clock } = createTestSupervisor();
    const given: number[] = [];
    keeper.notifier('one', function one(notice: Notice) {
      // biome-ignore lint/complexity/noArguments: the number of arguments is the subject.
      given.push(arguments.length, notice.at > 0 ? 1 : 0);
    });
    const signals: unknown[] = [];
    keeper.notifier('rest', (...all: unknown[]) => void signals.push(all[1]));
    await clock.settle();
    tell(keeper, 'api', 'healthy');
    await clock.settle();
    expect(given).toEqual([1, 1, 1, 1]);
    expect(signals).toEqual([expect.any(AbortSignal), expect.any(AbortSignal)]);
  });
});
