// Turns a chart graph into what ELK lays out, with sizes estimated from the words that will stand there.

import { hubOf } from './hub.mjs';
import { words } from './words.mjs';

/** Ids of the dot a compound state begins at, and of the pill its own transitions start from. */
export const beginning = '*begin ';
export const anyPill = '*any ';

const nameWidth = 7.5;
const labelWidth = 6.5;
const labelLine = 16;

/** @param {boolean} labelled whether the transitions carry their words, or the states room for a head-count */
export function elkGraphOf(graph, labelled, options) {
  const transitions = graph.transitions.map((transition, index) => ({ ...transition, index }));
  const isStay = ({ from, to }) => to === undefined || to === from;
  const isInward = ({ from, to }) => !isStay({ from, to }) && (from === '' || to.startsWith(`${from}.`));
  const stays = (path) => transitions.filter((each) => each.from === path && isStay(each)).length;
  const childrenOf = (path) => graph.states.filter((state) => state.path !== '' && parentOf(state.path) === path);

  const inner = (state) => {
    const children = childrenOf(state.path);
    const marks = [
      ...(state.initial === undefined ? [] : [{ id: beginning + state.path, width: 10, height: 10 }]),
      ...(transitions.some((each) => each.from === state.path && isInward(each))
        ? [{ id: anyPill + state.path, width: 40, height: 20 }]
        : []),
    ];
    return [...marks, ...children.map(node)];
  };
  const hubs = new Map(graph.states.map((state) => [state.path, hubOf(state, graph, labelled)]));
  const isInHub = ({ from, to }) => hubs.get(from) !== undefined || hubs.get(parentOf(to)) !== undefined;
  const node = (state) => {
    const hub = hubs.get(state.path);
    if (hub !== undefined) return { id: state.path, width: hub.width, height: hub.height, hub };
    const children = inner(state);
    if (children.length > 0) {
      const padding = 'elk.padding';
      return {
        id: state.path,
        children,
        layoutOptions: { ...options, [padding]: '[top=38,left=16,bottom=16,right=16]' },
        ...minimum(state.name.length * nameWidth + 90),
      };
    }
    const room = labelled ? (stays(state.path) > 0 ? 38 : 0) : 52;
    return { id: state.path, width: Math.round(Math.max(72, state.name.length * nameWidth + 36 + room)), height: 34 };
  };

  const edges = new Map();
  for (const transition of transitions.filter((each) => !isStay(each) && !isInHub(each))) {
    const { from, to } = transition;
    const key = `${from} > ${to}`;
    const source = isInward(transition) ? anyPill + from : from;
    const edge = edges.get(key) ?? { id: key, sources: [source], targets: [to], from, to, transitions: [] };
    edge.transitions.push(transition.index);
    edges.set(key, edge);
  }
  const labels = (edge) => {
    const lines = edge.transitions.map((index) => words(graph.transitions[index]));
    const width = Math.max(...lines.map((line) => line.length)) * labelWidth + 8;
    return [{ text: lines.join('\n'), width, height: lines.length * labelLine + 2, layoutOptions: inlineLabel }];
  };
  const begins = graph.states
    .filter(({ path, initial }) => initial !== undefined && hubs.get(path) === undefined)
    .map(({ path, initial }) => ({ id: `${beginning}${path} >`, sources: [beginning + path], targets: [initial] }));
  const [root] = graph.states;
  return {
    id: '*root',
    layoutOptions: { ...options, 'elk.padding': '[top=0,left=0,bottom=0,right=0]' },
    children: inner(root),
    edges: [...begins, ...Array.from(edges.values(), (edge) => (labelled ? { ...edge, labels: labels(edge) } : edge))],
  };
}

const inlineLabel = { 'elk.edgeLabels.inline': 'true' };

function minimum(width) {
  return { width, height: 60 };
}

function parentOf(path) {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
