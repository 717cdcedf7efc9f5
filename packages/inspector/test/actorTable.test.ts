import type { ActorView } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { actorStatuses } from '../src/protocol/actorStatus.ts';
import { ActorTable } from '../src/stream/actorTable.ts';

const view = (actorId: string, value: ActorView['value'], health?: ActorView['health']): ActorView => ({
  actorId,
  kind: health === undefined ? 'session' : 'monitor',
  id: actorId,
  value,
  ...(health === undefined ? {} : { health }),
});

/** One look: notes these actors and ends all others. */
function look(table: ActorTable, ...views: readonly ActorView[]): number {
  table.begin();
  for (const each of views) table.note(each);
  table.removeUnseen();
  return table.revision;
}

describe('the table of actors', () => {
  it('tells a reader that has seen nothing of every actor, and of nothing else', () => {
    const table = new ActorTable();
    look(table, view('a', 'open'), view('b', 'open'));
    look(table, view('b', 'draining'));
    const { entered, ended, changes } = table.since(0, 5);
    expect(entered).toEqual([[1, 'session', 'b', 'b', 1, actorStatuses.indexOf('draining')]]);
    expect(ended).toEqual([]);
    expect(changes.slots).toHaveLength(0);
  });

  it('tells a reader of the latest state only, however many changes it missed', () => {
    const table = new ActorTable();
    const seen = look(table, view('a', 'x', 'healthy'), view('b', 'open'));
    look(table, view('a', 'y', 'degraded'), view('b', 'open'));
    look(table, view('a', 'z', 'unhealthy'), view('b', 'open'));
    const { entered, ended, changes } = table.since(seen, 5);
    expect([entered, ended]).toEqual([[], []]);
    expect(Array.from(changes.slots)).toEqual([0]);
    expect(table.states.entries[changes.states[0] ?? -1]).toEqual(['monitor', 'z']);
    expect(actorStatuses[changes.statuses[0] ?? -1]).toBe('unhealthy');
  });

  it('does not count a new value object of the same state as a change', () => {
    const table = new ActorTable();
    const seen = look(table, view('a', { watching: 'x' }, 'healthy'));
    look(table, view('a', { watching: 'x' }, 'healthy'));
    expect(table.since(seen, 5).changes.slots).toHaveLength(0);
    expect(table.changes).toBe(0);
  });

  it('gives the slot of an ended actor to the next one, and tells readers that knew the former', () => {
    const table = new ActorTable();
    const seen = look(table, view('a', 'open'));
    look(table);
    expect(table.since(seen, 5).ended).toEqual([0]);
    look(table, view('b', 'open'));
    const { ended, entered } = table.since(seen, 5);
    expect(ended).toEqual([]);
    expect(entered[0]?.slice(0, 4)).toEqual([0, 'session', 'b', 'b']);
    expect(table.size).toBe(1);
  });
});
