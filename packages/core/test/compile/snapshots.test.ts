import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  assign,
  createActor,
  createMachine,
  getNextSnapshot,
  isMachineSnapshot,
  transition,
} from 'xstate';
import { getShortestPaths } from 'xstate/graph';
import { type CompileOptions, compile } from '../../src/index.ts';

/** Remembers its page, and counts its openings. */
const book = createMachine({
  id: 'book',
  context: { openings: 0 },
  initial: 'shut',
  states: {
    shut: {
      tags: 'quiet',
      on: { open: { target: 'open.past', actions: assign({ openings: ({ context }) => context.openings + 1 }) } },
    },
    open: {
      meta: { title: 'open' },
      initial: 'first',
      states: { first: { on: { turn: 'second' } }, second: {}, past: { type: 'history' } },
      on: { shut: 'shut' },
    },
  },
});

const events = ['open', 'turn', 'shut', 'open'].map((type) => ({ type }));
const read = (events_: readonly { type: string }[], logic: AnyActorLogic = compile(book) as AnyActorLogic) => {
  const actor = createActor(logic).start();
  for (const event of events_) actor.send(event);
  return actor.getSnapshot() as AnyMachineSnapshot;
};

/** All that can be read of a snapshot. */
const seen = (snapshot: AnyMachineSnapshot) => ({
  keys: Object.keys(snapshot),
  status: snapshot.status,
  value: snapshot.value,
  context: snapshot.context,
  tags: [...snapshot.tags],
  nodes: snapshot._nodes.map(({ id }) => id),
  history: Object.entries(snapshot.historyValue as Record<string, { id: string }[]>).map(([id, nodes]) => [
    id,
    nodes.map((node) => node.id),
  ]),
  matches: snapshot.matches('open'),
  can: ['open', 'turn', 'shut'].map((type) => snapshot.can({ type })),
  quiet: snapshot.hasTag('quiet'),
  meta: snapshot.getMeta(),
  json: JSON.parse(JSON.stringify(snapshot)),
  isOne: isMachineSnapshot(snapshot),
});

describe('a snapshot of a compiled chart', () => {
  it.each([0, 1, 2, 3, 4])('and its copy read as the interpreter’s does, after %d events', (count) => {
    const expected = seen(read(events.slice(0, count), book));
    const snapshot = read(events.slice(0, count));
    expect(seen(snapshot)).toEqual(expected);
    expect(seen({ ...snapshot } as AnyMachineSnapshot)).toEqual(expected);
  });

  it('goes through XState’s pure functions and back, with its history', () => {
    const logic = compile(book);
    const shut = read(events.slice(0, 3));
    for (const handed of [shut, { ...shut } as AnyMachineSnapshot]) {
      for (const [first, second] of [
        [book, logic],
        [logic, book],
      ] as unknown as [AnyStateMachine, AnyStateMachine][]) {
        const opened = getNextSnapshot(first, handed, { type: 'open' });
        expect(opened.value).toEqual({ open: 'second' });
        const again = transition(second, getNextSnapshot(second, opened, { type: 'shut' }), { type: 'open' })[0];
        expect([again.value, again.context]).toEqual([{ open: 'second' }, { openings: 3 }]);
      }
    }
  });

  it('is persisted by the machine and by the logic alike, and restored by both', () => {
    const snapshot = read(events.slice(0, 3));
    const saved = [book, compile(book)].map((logic) => logic.getPersistedSnapshot(snapshot as never));
    expect(saved[0]).toEqual(saved[1]);
    expect(saved[0]).toEqual(createActor(book, { snapshot: saved[0] as never }).getPersistedSnapshot());
    const restored = createActor(compile(book), { snapshot: structuredClone(saved[1]) as never }).start();
    restored.send({ type: 'open' });
    expect(restored.getSnapshot().value).toEqual({ open: 'second' });
  });

  it.each<[string, CompileOptions]>([
    ['with tables of its own', {}],
    ['composed by region', { composeAbove: 0 }],
  ])('shares nothing with another actor that a reader could change: %s', (_name, options) => {
    const region = { initial: 'a', states: { a: { tags: 'x', on: { go: 'b' } }, b: { tags: 'y', on: { go: 'a' } } } };
    const logic = compile(createMachine({ type: 'parallel', states: { left: region, right: region } }), options);
    const [mine, other] = [createActor(logic).start(), createActor(logic).start()];
    for (const step of [0, 1, 2]) {
      const { value, tags, _nodes, historyValue } = mine.getSnapshot() as AnyMachineSnapshot;
      for (const vandalise of [
        () => Object.assign(value as object, { left: 'nowhere' }),
        () => tags.add('forged'),
        () => tags.delete('x'),
        () => tags.clear(),
        () => _nodes.reverse(),
        () => Object.assign(historyValue, { left: [] }),
      ]) {
        try {
          vandalise();
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      }
      const expected = step % 2 === 0 ? 'a' : 'b';
      const snapshot = other.getSnapshot() as AnyMachineSnapshot;
      expect(snapshot.value).toEqual({ left: expected, right: expected });
      expect([...snapshot.tags]).toEqual([step % 2 === 0 ? 'x' : 'y']);
      expect(snapshot.can({ type: 'go' })).toBe(true);
      expect(createActor(logic).getSnapshot().value).toEqual({ left: 'a', right: 'a' });
      other.send({ type: 'go' });
      mine.send({ type: 'go' });
    }
  });

  it('lets the walks of xstate/graph find the paths they find in the machine', () => {
    const paths = (logic: AnyStateMachine) =>
      getShortestPaths(logic, { limit: 1_000, toState: ({ context }) => context.openings === 3 }).map(
        ({ state, steps }) => [state.value, steps.map(({ event }) => event.type)],
      );
    expect(paths(book).length).toBeGreaterThan(0);
    expect(paths(compile(book) as unknown as AnyStateMachine)).toEqual(paths(book));
  });
});
