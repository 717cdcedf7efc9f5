import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, setup } from 'xstate';
import { polledActors } from '../src/actorSource.ts';
import { Roster } from '../src/roster.ts';
import { standings } from '../src/standing.ts';
import { xstateKeeper } from '../src/xstateKeeper.ts';

const lampMachine = setup({ types: { events: {} as { type: 'flip' } } }).createMachine({
  id: 'lamp',
  initial: 'dark',
  states: { dark: { on: { flip: 'lit' } }, lit: { on: { flip: 'burnt' } }, burnt: { type: 'final' } },
});

const houseMachine = setup({
  actors: { lamp: lampMachine, never: fromPromise(() => new Promise<void>(() => {})) },
}).createMachine({
  id: 'house',
  type: 'parallel',
  invoke: [
    { src: 'lamp', id: 'hall' },
    { src: 'never', id: 'wait' },
  ],
  states: { door: { initial: 'open', states: { open: {} } }, roof: { initial: 'whole', states: { whole: {} } } },
});

describe('a plain XState program', () => {
  it('is seen with all its actors, and followed as they change and end', () => {
    const house = createActor(houseMachine, { id: 'house' }).start();
    const roster = new Roster();
    const source = polledActors(xstateKeeper(house));
    const look = () => {
      roster.begin();
      source.read(roster);
      return roster.revision;
    };
    const seen = look();
    const { entered } = roster.since(0, 0);
    expect(entered.map(([, kind, name, , state]) => [kind, name, roster.states.entries[state]?.[1]])).toEqual([
      ['actor', 'house', { door: 'open', roof: 'whole' }],
      ['actor', 'house/hall', 'dark'],
      ['actor', 'house/wait', 'active'],
    ]);
    house.getSnapshot().children['hall']?.send({ type: 'flip' });
    look();
    const { changes } = roster.since(seen, 0);
    expect(Array.from(changes.states, (state) => roster.states.entries[state]?.[1])).toEqual(['lit']);
    house.stop();
    look();
    const stopped = roster.since(seen, 0).changes.standings[0];
    expect(standings[stopped ?? -1]).toBe('stopped');
  });
});
