import type { ChartGraph, ChartState, ChartTransition } from './chartGraph.ts';
import type { Box } from './drawing.ts';
import { transitionLabel } from './transitionLabel.ts';

/**
 * Grid for a state whose own transitions lead to most of its states. Drawn as arrows they would hide everything else;
 * here they are written into the states they lead to. Boxes are relative to the corner of the state.
 */
export type HubState = {
  readonly width: number;
  readonly height: number;
  /** The path of the state it begins in. */
  readonly initial: string | undefined;
  /** Captions are transitions by index in the graph. */
  readonly states: readonly { readonly path: string; readonly box: Box; readonly captions: readonly number[] }[];
};

type HubTransition = ChartTransition & { readonly index: number };

const leastReached = 4;
const gap = 14;
const columns = 3;
const head = 38;
const side = 16;
const lineHeight = 15;

/** Returns the grid of a hub state; undefined for a state that is none. */
export function hubStateOf(state: ChartState, graph: ChartGraph, labelled: boolean): HubState | undefined {
  const children = graph.states.filter(({ path }) => isBelow(path, state.path));
  const ways = graph.transitions
    .map((transition, index): HubTransition => ({ ...transition, index }))
    .filter(
      ({ from, to }) => to !== undefined && to !== from && (isBelow(from, state.path) || isBelow(to, state.path)),
    );
  const reached = new Set(ways.filter(({ from }) => from === state.path).map(({ to }) => to));
  const isClosed = ways.every(
    ({ from, to = '' }) => (from === state.path || isBelow(from, state.path)) && isBelow(to, state.path),
  );
  const isFlat = children.every(({ type }) => type === 'atomic');
  if (state.path === '' || reached.size < leastReached || !isClosed || !isFlat) return undefined;
  return gridOf(state, children, labelled ? ways : [], labelled);
}

function gridOf(
  state: ChartState,
  children: readonly ChartState[],
  ways: readonly HubTransition[],
  labelled: boolean,
): HubState {
  const cells = children.map(({ path, name }) => ({ path, name, ways: ways.filter(({ to }) => to === path) }));
  const longest = cells.flatMap(({ path, name, ways: own }) => [
    name.length * 7.5 + (labelled ? 74 : 88),
    ...own.map((way) => transitionLabel(way, path).length * 6.1 + 24),
  ]);
  const width = Math.round(Math.max(...longest));
  let top = head;
  const states: HubState['states'][number][] = [];
  for (let first = 0; first < cells.length; first += columns) {
    const row = cells.slice(first, first + columns);
    const most = Math.max(...row.map(({ ways: own }) => own.length));
    const height = 34 + (most > 0 ? most * lineHeight + 6 : 0);
    for (const [column, { path, ways: own }] of row.entries()) {
      const box = [side + 12 + column * (width + gap), top, width, height] as const;
      states.push({ path, box, captions: own.map(({ index }) => index) });
    }
    top += height + gap;
  }
  return {
    width: side * 2 + 12 + Math.min(columns, cells.length) * (width + gap) - gap,
    height: top - gap + side,
    states,
    initial: state.initial,
  };
}

function isBelow(path: string, parent: string): boolean {
  return path.startsWith(`${parent}.`);
}
