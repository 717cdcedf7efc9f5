import type { SupervisorEvent } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { actorsRemembered, entriesKept, Journal } from '../src/record/journal.ts';

const judged = (id: string, at: number, detail?: string): SupervisorEvent => ({
  type: 'verdict.judged',
  tookMs: 1,
  id,
  at,
  epoch: 1,
  verdict: { status: 'fail', latencyMs: 12.34, ...(detail === undefined ? {} : { detail }) },
});

describe('the journal', () => {
  it('tells of one actor what came after the last entry that was seen', () => {
    const journal = new Journal();
    for (let at = 1; at <= 4; at += 1) journal.note(judged(at % 2 === 0 ? 'even' : 'odd', at));
    const seen = journal.since('monitor', 'odd', 0);
    expect(seen.map(({ at, words }) => [at, words])).toEqual([
      [1, 'fail · 12.3 ms'],
      [3, 'fail · 12.3 ms'],
    ]);
    journal.note(judged('odd', 5));
    expect(journal.since('monitor', 'odd', seen.at(-1)?.seq ?? 0).map(({ at }) => at)).toEqual([5]);
    expect(journal.since('notifier', 'odd', 0)).toEqual([]);
  });

  it('keeps the last entries of each actor, and forgets the actor that was silent longest', () => {
    const journal = new Journal();
    for (let at = 0; at < entriesKept + 10; at += 1) journal.note(judged('busy', at));
    expect(journal.since('monitor', 'busy', 0)).toHaveLength(entriesKept);
    for (let index = 0; index < actorsRemembered - 1; index += 1) journal.note(judged(`m${index}`, index));
    journal.note(judged('busy', 0));
    journal.note(judged('one-more', 0));
    expect(journal.since('monitor', 'm0', 0)).toEqual([]);
    expect(journal.since('monitor', 'busy', 0)).toHaveLength(entriesKept);
  });

  it('keeps no secret', () => {
    const journal = new Journal();
    journal.note(judged('a', 1, 'no answer from https://bob:hunter2@host/?token=t0psecret'));
    journal.note({ type: 'check.failed', tookMs: 1, id: 'a', at: 2, errors: 1, cause: new Error('password=hunter2') });
    const kept = JSON.stringify(journal.since('monitor', 'a', 0));
    expect(kept).not.toMatch(/hunter2|t0psecret/);
    expect(journal.redactions).toBe(3);
  });

  it('knows whose an event is', () => {
    const journal = new Journal();
    journal.note({ type: 'actor.ended', kind: 'session', id: '7', reason: 'peer', at: 1 });
    journal.note({ type: 'delivery.stalled', id: 'client', waitedMs: 500, at: 2 });
    journal.note({ type: 'close.failed', id: '7', cause: 'gone', at: 3 });
    journal.note({ type: 'drain.entered', phase: 'grace', at: 4 });
    const at = (kind: string, id: string) => journal.since(kind, id, 0).map((entry) => entry.at);
    expect([at('session', '7'), at('notifier', 'client'), at('supervisor', 'any')]).toEqual([[1, 3], [2], [4]]);
  });
});
