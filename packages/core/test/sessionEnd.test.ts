import { fakeConnection } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { InspectionEvent } from 'xstate';
import type { Session } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

describe('a session that is ended again', () => {
  it.each([
    ['while it closes', 'closing', 'stalled'],
    ['after its peer has gone', 'closed', 'peer'],
  ] as const)('keeps its first reason and closes its connection at most once, %s', async (_when, state, reason) => {
    const relayed: string[] = [];
    const inspect = (event: InspectionEvent) => {
      if (event.type === '@xstate.event' && event.event.type === 'end') relayed.push(session.state);
    };
    const { keeper, clock } = createTestSupervisor({ inspect });
    const connection = fakeConnection({ closing: 'hang' });
    const session: Session = expectReserved(keeper.reserve()).open(connection);
    session.end(reason);
    expect(session.state).toBe(state);
    session.end('failed');
    session.end('replaced');
    expect(session.state).toBe(state);
    session.end();
    session.end();
    await clock.settle();
    expect([connection.closes, session.state, await session.closed]).toEqual([
      reason === 'peer' ? [] : [reason],
      'closed',
      reason,
    ]);
    expect(relayed).not.toContain('closed');
    expect(keeper.stats().sessions.taken).toBe(0);
  });
});
