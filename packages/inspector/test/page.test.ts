import { describe, expect, it } from 'vitest';
import type { ChartGraph } from '../src/chart/chartGraph.ts';
import type { EnteredActor } from '../src/protocol/serverMessage.ts';
import { edgePath } from '../web/src/chart/edgePath.ts';
import { nextProblem, rowsOf } from '../web/src/list/rows.ts';
import { layMosaic } from '../web/src/overview/mosaicLayout.ts';
import { type ActorStatus, actorStatuses } from '../web/src/store/actorStatus.ts';
import { Actors } from '../web/src/store/actors.ts';
import { groupsOf } from '../web/src/store/groups.ts';
import { stateLabel } from '../web/src/store/stateLabel.ts';
import { noBar, StatusHistory } from '../web/src/store/statusHistory.ts';
import { takenTransitions } from '../web/src/store/takenTransitions.ts';
import type { Choices } from '../web/src/store/viewOptions.ts';

const numberOf = (status: ActorStatus) => actorStatuses.indexOf(status);

function populated(...given: readonly (readonly [name: string, status: ActorStatus])[]): Actors {
  const actors = new Actors();
  actors.begin('test', 'e', 0);
  actors.addStates(0, [['monitor', { watching: { cadence: 'waiting', health: 'healthy', alert: 'quiet' } }]]);
  actors.add(
    given.map(([name, status], slot): EnteredActor => [slot, 'monitor', name, `m.${name}`, 0, numberOf(status)]),
  );
  return actors;
}

const choices: Choices = {
  find: '',
  statuses: new Set(),
  state: undefined,
  worstFirst: true,
  kind: 'monitor',
  selected: undefined,
  folds: new Map(),
  tab: 'events',
  follows: true,
  showsCoverage: false,
  theme: 'dark',
};

const namesOf = (actors: Actors, chosen: Partial<Choices> = {}) =>
  rowsOf(groupsOf(actors), actors, { ...choices, ...chosen }).map((row) =>
    row.type === 'group' ? `[${row.group.label} ${row.shown}]` : (actors.rows[row.slot]?.name ?? ''),
  );

describe('the rows of the list', () => {
  it('stand worst first, and among equals by name with numbers as numbers', () => {
    const actors = populated(['b10', 'healthy'], ['b9', 'healthy'], ['c', 'unhealthy'], ['d', 'degraded']);
    expect(namesOf(actors)).toEqual(['[monitors 4]', 'c', 'd', 'b9', 'b10']);
    expect(namesOf(actors, { worstFirst: false })).toEqual(['[monitors 4]', 'b9', 'b10', 'c', 'd']);
  });

  it('are grouped by what stands before the last slash', () => {
    const actors = populated(['eu/api', 'healthy'], ['us/api', 'healthy'], ['eu/db', 'healthy']);
    expect(namesOf(actors)).toEqual(['[eu 2]', 'eu/api', 'eu/db', '[us 1]', 'us/api']);
  });

  it('fold a large group that is calm, and open it with its first problem or by hand', () => {
    const many = Array.from({ length: 100 }, (_, index) => [`g/${index}`, 'healthy'] as const);
    const actors = populated(...many);
    expect(namesOf(actors)).toEqual(['[g 100]']);
    expect(namesOf(actors, { folds: new Map([['monitor g', true]]) })).toHaveLength(101);
    expect(namesOf(populated(...many, ['g/x', 'error']))).toHaveLength(102);
  });

  it('keep what is looked for by name, state or status', () => {
    const actors = populated(['api', 'healthy'], ['db', 'unhealthy']);
    expect(namesOf(actors, { find: 'AP' })).toEqual(['[monitors 1]', 'api']);
    expect(namesOf(actors, { statuses: new Set<ActorStatus>(['unhealthy']) })).toEqual(['[monitors 1]', 'db']);
    expect(namesOf(actors, { state: { kind: 'monitor', path: 'watching.cadence.waiting' } })).toHaveLength(3);
    expect(namesOf(actors, { state: { kind: 'monitor', path: 'stopped' } })).toEqual([]);
  });

  it('lead from problem to problem and round again', () => {
    const actors = populated(['a', 'unhealthy'], ['b', 'stale'], ['c', 'healthy']);
    const rows = rowsOf(groupsOf(actors), actors, choices);
    const first = nextProblem(rows, actors, -1);
    const second = nextProblem(rows, actors, first);
    expect([first, second, nextProblem(rows, actors, second)]).toEqual([1, 2, 1]);
    expect(nextProblem([], actors, 0)).toBe(-1);
  });
});

describe('the population', () => {
  it('counts heads by status and by every active state, through changes, ends and reused slots', () => {
    const actors = populated(['a', 'healthy'], ['b', 'healthy']);
    actors.addStates(1, [['monitor', 'stopped']]);
    actors.change({
      at: 5,
      slots: Uint32Array.of(1),
      states: Uint16Array.of(1),
      statuses: Uint8Array.of(numberOf('stopped')),
    });
    expect(Object.fromEntries(actors.headCounts('monitor'))).toMatchObject({
      '': 2,
      watching: 1,
      'watching.health.healthy': 1,
      stopped: 1,
    });
    expect(actors.statusCount(numberOf('stopped'))).toBe(1);
    expect(actors.takeFlows('monitor')).toMatchObject([{ after: ['stopped'], times: 1 }]);
    expect(actors.takeFlows('monitor')).toEqual([]);
    actors.remove([1]);
    actors.add([[1, 'session', '9', 's.9', 0, numberOf('healthy')]]);
    expect([actors.size, actors.statusCount(numberOf('stopped'))]).toEqual([2, 0]);
  });
});

describe('the history of an actor', () => {
  it('keeps the worst of each second, and fills the calm ones in between', () => {
    const history = new StatusHistory();
    history.begin(0, numberOf('healthy'), 1_000);
    history.note(0, numberOf('healthy'), numberOf('unhealthy'), 3_100);
    history.note(0, numberOf('unhealthy'), numberOf('healthy'), 3_900);
    const bars = history.read(0, numberOf('healthy'), 5_500, 6);
    expect(Array.from(bars, (bar) => (bar === noBar ? '-' : actorStatuses[bar]))).toEqual([
      '-',
      'healthy',
      'healthy',
      'unhealthy',
      'healthy',
      'healthy',
    ]);
  });
});

describe('the transitions that were taken', () => {
  const graph: ChartGraph = {
    states: [],
    transitions: [
      { from: '', to: 'closed', on: 'close', actions: [] },
      { from: 'open', to: 'closed', on: 'end', actions: [] },
      { from: 'open', to: 'draining', on: 'drain', actions: [] },
      { from: 'draining', to: 'closed', on: 'end', actions: [] },
    ],
  };

  it('lead from a state that was left into one that was entered, the innermost first', () => {
    expect(takenTransitions(graph, ['open'], ['draining'])).toEqual(new Set([2]));
    expect(takenTransitions(graph, ['open'], ['closed'])).toEqual(new Set([1]));
    expect(takenTransitions(graph, ['other'], ['closed'])).toEqual(new Set([0]));
    expect(takenTransitions(graph, ['open'], ['open'])).toEqual(new Set());
  });
});

describe('a state in words', () => {
  it.each([
    [{ watching: { cadence: 'waiting', health: 'healthy', alert: 'quiet' } }, 'healthy', 'healthy · waiting'],
    [{ watching: { cadence: 'paused', health: 'paused', alert: 'raised' } }, 'paused', 'paused · raised'],
    [{ delivering: 'stalled' }, 'degraded', 'delivering · stalled'],
    ['open', 'healthy', 'open'],
  ])('%j is said as %s first', (value, first, words) => {
    expect(stateLabel(value, first, 9)).toBe(words);
  });
});

describe('the mosaic', () => {
  it('gives cells their names while there is room, and shrinks them until all fit', () => {
    expect(layMosaic([4, 3], 800, 400).cellWidth).toBeGreaterThan(100);
    const large = layMosaic([1_250, 1_250, 1_250, 1_250, 240], 800, 300);
    expect(large.cellWidth).toBeLessThan(10);
    expect(large.height).toBeLessThanOrEqual(300);
    expect(layMosaic([500_000], 300, 100).cellWidth).toBe(2);
  });
});

describe('an edge', () => {
  it('goes through its points with rounded corners', () => {
    expect(
      edgePath([
        [0, 0],
        [0, 40],
        [40, 40],
      ]),
    ).toBe('M0 0L0 33Q0 40 7 40L40 40');
    expect(edgePath([])).toBe('');
  });
});
