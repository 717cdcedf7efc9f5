import { inbox } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createTestSupervisor } from './support/testSupervisor.ts';

describe('staleness', () => {
  it('is the age of the oldest change that a client has not taken, under way or unread', async () => {
    const { keeper, clock } = createTestSupervisor({ notifier: { stallAfterMs: 60_000 } });
    const [slow, fast] = [inbox(), inbox()];
    keeper.notifier('slow', slow.deliver);
    keeper.notifier('fast', fast.deliver);
    await clock.settle();
    expect(keeper.stalenessMs()).toBe(0);
    slow.become('hold');
    keeper.broadcast({ type: 'health', topic: 'a', health: 'unhealthy' });
    await clock.advance(100);
    keeper.broadcast({ type: 'health', topic: 'b', health: 'unhealthy' });
    await clock.advance(50);
    expect([keeper.stalenessMs(), fast.said.at(-1)]).toEqual([150, 'b=unhealthy']);
    slow.release();
    slow.become('take');
    await clock.settle();
    expect(keeper.stalenessMs()).toBe(0);
  });

  it('is that of what is unread where nothing is under way yet', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.notifier('a', inbox().deliver);
    await clock.settle();
    keeper.broadcast({ type: 'health', topic: 'a', health: 'unhealthy', at: clock.now() - 70 });
    expect(keeper.stalenessMs()).toBe(70);
    await clock.settle();
    expect(keeper.stalenessMs()).toBe(0);
  });

  it('does not count clients that are stalled or have left', async () => {
    const { keeper, clock } = createTestSupervisor({ notifier: { stallAfterMs: 1_000, evictAfterMs: 60_000 } });
    const held = inbox('hold');
    keeper.notifier('stalled', held.deliver);
    const left = keeper.notifier('left', inbox('hold').deliver);
    await clock.advance(999);
    expect(keeper.stalenessMs()).toBe(999);
    left.close();
    await clock.advance(1);
    expect(keeper.stalenessMs()).toBe(0);
  });
});
