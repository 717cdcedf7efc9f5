import type { SupervisorEvent } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { Operations } from '../src/record/operations.ts';
import { ScriptedSupervisor } from './support/scriptedSupervisor.ts';

function follow(...events: readonly SupervisorEvent[]) {
  const operations = new Operations();
  const stats = () => ({
    ...new ScriptedSupervisor().stats(),
    sessions: { open: 3, taken: 3 },
    notifiers: { open: 1 },
  });
  const description = {
    withdrawTimeoutMs: 70,
    closeTimeoutMs: 2_000,
    drain: { noticeMs: 0, graceMs: 5_000, deadlineMs: 9_000 },
  };
  // Only the supervisor is described here.
  const describeActor = () => description as never;
  for (const event of events) operations.note(event, { stats, describe: describeActor });
  return operations;
}

describe('the operations of a supervisor', () => {
  it('show the phases of a drain, and how many clients ended and were forced', () => {
    const { all, version } = follow(
      { type: 'drain.entered', phase: 'withdraw', at: 10 },
      { type: 'drain.entered', phase: 'grace', at: 20 },
      { type: 'actor.ended', kind: 'monitor', id: 'm', reason: 'stopped', at: 21 },
      { type: 'actor.started', kind: 'session', id: 'late', at: 22 },
      { type: 'actor.ended', kind: 'session', id: '1', reason: 'goaway', at: 23 },
      { type: 'actor.ended', kind: 'session', id: '2', reason: 'forced', at: 24 },
    );
    expect(all).toEqual([
      {
        type: 'drain',
        phase: 'grace',
        startedAt: 10,
        enteredAt: 20,
        phases: [
          ['withdraw', 10],
          ['grace', 20],
        ],
        phaseEndsAt: 5_020,
        forceAt: 9_010,
        total: 5,
        ended: 2,
        forced: 1,
      },
    ]);
    expect(version).toBe(5);
  });

  it('count the losses of the latest broadcast', () => {
    const notice = { type: 'health', topic: '', health: 'degraded', seq: 1, at: 1 } as const;
    const { all } = follow(
      { type: 'notice.dropped', id: 'early', count: 1, goaway: false, reason: 'overflow', at: 0 },
      { type: 'notice.broadcast', notice, notifiers: 9, at: 1 },
      { type: 'delivery.stalled', id: 'a', waitedMs: 5, at: 2 },
      { type: 'delivery.failed', id: 'b', cause: 'gone', at: 3 },
      { type: 'notice.dropped', id: 'b', count: 3, goaway: false, reason: 'failed', at: 3 },
    );
    const broadcast = { type: 'broadcast', words: 'the whole is degraded', at: 1, notifiers: 9, topic: '', seq: 1 };
    expect(all).toEqual([{ ...broadcast, lost: 5 }]);
  });

  it('say when the latest broadcast has converged, and not when an older one has', () => {
    const notice = { type: 'health', topic: 'api', health: 'degraded', at: 1 } as const;
    const converged = { type: 'notice.converged', topic: 'api', notifiers: 9, told: 8, tookMs: 30 } as const;
    const { all } = follow(
      { type: 'notice.broadcast', notice: { ...notice, seq: 1 }, notifiers: 9, at: 1 },
      { type: 'notice.broadcast', notice: { ...notice, seq: 2 }, notifiers: 9, at: 2 },
      { ...converged, seq: 1, at: 3 },
    );
    expect(all).toMatchObject([{ words: 'api is degraded', at: 2 }]);
    expect(all[0]).not.toHaveProperty('converged');
    const later = follow(
      { type: 'notice.broadcast', notice: { ...notice, seq: 2 }, notifiers: 9, at: 2 },
      { ...converged, seq: 2, at: 4 },
    );
    expect(later.all).toMatchObject([{ converged: { told: 8, tookMs: 30 } }]);
  });

  it('do not change on other events', () => {
    expect(follow({ type: 'supervisor.started', at: 1 }).version).toBe(0);
  });
});
