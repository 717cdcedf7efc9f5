import { fakeConnection } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

describe('a drain that is held', () => {
  it('ends when it is released, and not before, although nobody is left (INV-29)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const release = keeper.holdDrain('listener');
    const ended = keeper.drain({ graceMs: 1_000 });
    await clock.advance(400);
    expect([keeper.phase, of('drain.entered').at(-1)?.phase]).toEqual(['draining', 'grace']);
    release();
    release();
    await clock.settle();
    expect(await ended).toMatchObject({ durationMs: 400, reason: 'drained', unfinished: [] });
  });

  it('waits for those who come meanwhile, tells them to go, and counts them', async () => {
    const { keeper, clock } = createTestSupervisor();
    const release = keeper.holdDrain('listener');
    const ended = keeper.drain({ graceMs: 1_000 });
    await clock.advance(100);
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve('proxy', { whileDraining: true })).open(connection);
    release();
    await clock.advance(200);
    expect([keeper.phase, session.state, connection.goaways.length]).toEqual(['draining', 'draining', 1]);
    session.end();
    await clock.settle();
    expect(await ended).toMatchObject({ durationMs: 300, sessions: { total: 1, early: 1, stragglers: 1 } });
  });

  it.each([1_000, 0])(
    'ends all the same, at the end of its grace of %i ms and of one close (INV-28)',
    async (graceMs) => {
      const { keeper, clock } = createTestSupervisor({ closeTimeoutMs: 500 });
      keeper.holdDrain('listener');
      const ended = keeper.drain({ graceMs });
      await clock.advance(graceMs + 500);
      expect(await ended).toMatchObject({ durationMs: graceMs + 500, unfinished: ['listener'] });
      expect([keeper.phase, clock.pending]).toEqual(['stopped', 0]);
    },
  );

  it('does not hold a drain when it was released before, and may be released after the end', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.holdDrain('one')();
    const release = keeper.holdDrain('two');
    release();
    const ended = keeper.drain();
    await clock.settle();
    expect(await ended).toMatchObject({ durationMs: 0, unfinished: [] });
    release();
    keeper.holdDrain('late')();
    expect(keeper.phase).toBe('stopped');
  });

  it('has a name', () => {
    const { keeper } = createTestSupervisor();
    expect(() => keeper.holdDrain('')).toThrow(InvalidOptionError);
    expect(() => keeper.holdDrain(5 as never)).toThrow('`holdDrain.name`');
  });
});
