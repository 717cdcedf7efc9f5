import type { ActorView } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { standings } from '../src/protocol/actorStatus.ts';
import { Roster } from '../src/stream/actorTable.ts';

const view = (actorId: string, value: ActorView['value'], health?: ActorView['health']): ActorView => ({
  actorId,
  kind: health === undefined ? 'session' : 'monitor',
  id: actorId,
  value,
  ...(health === undefined ? {} : { health }),
});

/** One look: notes these actors and ends all others. */
function look(roster: Roster, ...views: readonly ActorView[]): number {
  roster.begin();
  for (const each of views) roster.note(each);
  roster.endUnseen();
  return roster.revision;
}

describe('the roster', () => {
  it('tells somebody who has seen nothing of every actor and of nothing else', () => {
    const roster = new Roster();
    look(roster, view('a', 'open'), view('b', 'open'));
    look(roster, view('b', 'draining'));
    const { entered, ended, changes } = roster.since(0, 5);
    expect(entered).toEqual([[1, 'session', 'b', 'b', 1, standings.indexOf('draining')]]);
    expect(ended).toEqual([]);
    expect(changes.slots).toHaveLength(0);
  });

  it('tells of the latest state only, however many were missed', () => {
    const roster = new Roster();
    const seen = look(roster, view('a', 'x', 'healthy'), view('b', 'open'));
    look(roster, view('a', 'y', 'degraded'), view('b', 'open'));
    look(roster, view('a', 'z', 'unhealthy'), view('b', 'open'));
    const { entered, ended, changes } = roster.since(seen, 5);
    expect([entered, ended]).toEqual([[], []]);
    expect(Array.from(changes.slots)).toEqual([0]);
    expect(roster.states.entries[changes.states[0] ?? -1]).toEqual(['monitor', 'z']);
    expect(standings[changes.standings[0] ?? -1]).toBe('unhealthy');
  });

  it('takes a new value object of the same state for no change', () => {
    const roster = new Roster();
    const seen = look(roster, view('a', { watching: 'x' }, 'healthy'));
    look(roster, view('a', { watching: 'x' }, 'healthy'));
    expect(roster.since(seen, 5).changes.slots).toHaveLength(0);
    expect(roster.changes).toBe(0);
  });

  it('gives a slot to the next actor, and says so to whoever knew the former one', () => {
    const roster = new Roster();
    const seen = look(roster, view('a', 'open'));
    look(roster);
    expect(roster.since(seen, 5).ended).toEqual([0]);
    look(roster, view('b', 'open'));
    const { ended, entered } = roster.since(seen, 5);
    expect(ended).toEqual([]);
    expect(entered[0]?.slice(0, 4)).toEqual([0, 'session', 'b', 'b']);
    expect(roster.size).toBe(1);
  });
});
