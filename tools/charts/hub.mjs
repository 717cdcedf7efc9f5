// A hub: a state whose own transitions lead to most of its states. Drawn as a star its arrows hide everything
// else; as a grid, with the way in written into each state, it can be read.
import { words } from './words.mjs';

const leastReached = 4;
const gap = 14;
const columns = 3;
const head = 38;
const side = 16;
const lineHeight = 15;

/** The grid of a hub, or nothing for a state that is none. Boxes are relative to the hub's corner. */
export function hubOf(state, graph, labelled) {
  const children = graph.states.filter(({ path }) => isBelow(path, state.path));
  const ways = graph.transitions
    .map((transition, index) => ({ ...transition, index }))
    .filter(
      ({ from, to }) => to !== undefined && to !== from && (isBelow(from, state.path) || isBelow(to, state.path)),
    );
  const reached = new Set(ways.filter(({ from }) => from === state.path).map(({ to }) => to));
  const isClosed = ways.every(
    ({ from, to }) => (from === state.path || isBelow(from, state.path)) && isBelow(to, state.path),
  );
  const isFlat = children.every(({ type }) => type === 'atomic');
  if (state.path === '' || reached.size < leastReached || !isClosed || !isFlat) return undefined;
  return gridOf(state, children, ways, labelled);
}

function gridOf(state, children, ways, labelled) {
  const captionsOf = (path) =>
    labelled
      ? ways
          .filter(({ to }) => to === path)
          .map(({ from, index, ...way }) => ({ transition: index, words: captionOf(way, from, state.path) }))
      : [];
  const cells = children.map((child) => ({ path: child.path, name: child.name, captions: captionsOf(child.path) }));
  const longest = Math.max(
    ...cells.flatMap(({ name, captions }) => [
      name.length * 7.5 + (labelled ? 74 : 88),
      ...captions.map((caption) => caption.words.length * 6.1 + 24),
    ]),
  );
  const width = Math.round(longest);
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) =>
    cells.slice(row * columns, (row + 1) * columns),
  );
  let top = head;
  const states = rows.flatMap((row) => {
    const most = Math.max(...row.map(({ captions }) => captions.length));
    const height = 34 + (most > 0 ? most * lineHeight + 6 : 0);
    const laid = row.map((cell, column) => ({
      path: cell.path,
      box: [side + 12 + column * (width + gap), top, width, height],
      captions: cell.captions,
    }));
    top += height + gap;
    return laid;
  });
  return {
    width: side * 2 + 12 + Math.min(columns, cells.length) * (width + gap) - gap,
    height: top - gap + side,
    states,
    initial: state.initial,
  };
}

function captionOf(way, from, hub) {
  return from === hub ? words(way) : `${words(way)} from ${from.split('.').at(-1)}`;
}

function isBelow(path, parent) {
  return path.startsWith(`${parent}.`);
}
