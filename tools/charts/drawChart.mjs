// Lays one chart out with ELK and reads the result back as plain rectangles, paths and labels.
import ELK from 'elkjs';
import { anyPill, beginning, elkGraphOf } from './elkGraph.mjs';

/** The options that ELK does not inherit: they stand on every state that has states. */
const layoutOptions = {
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  // Gives the reading order of the definition: what is reached first stands first.
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.spacing.nodeNode': '20',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '9',
  'elk.spacing.edgeLabel': '3',
  'elk.layered.spacing.edgeNodeBetweenLayers': '13',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
};

export async function drawChart(graph, labelled, direction) {
  const options = { ...layoutOptions, 'elk.direction': direction };
  const laid = await new ELK().layout(elkGraphOf(graph, labelled, options));
  const nodes = nodesBelow(laid);
  const edges = [laid, ...nodes].flatMap(({ edges: own = [] }) => own);
  const states = new Map(graph.states.map((state) => [state.path, state]));
  const [left, top] = [Math.min(...nodes.map(({ x }) => x)), Math.min(...nodes.map(({ y }) => y))];
  const at = ({ x, y }) => [Math.round(x - left), Math.round(y - top)];
  const box = (shape) => [...at(shape), Math.round(shape.width), Math.round(shape.height)];
  return {
    width: Math.round(laid.width),
    height: Math.round(laid.height),
    states: nodes
      .filter(({ id }) => states.has(id))
      .flatMap((node) => [{ path: node.id, box: box(node) }, ...inHub(node, at(node))]),
    marks: [
      ...nodes
        .filter(({ id }) => id.startsWith(beginning) || id.startsWith(anyPill))
        .map((node) => ({ type: node.id.startsWith(beginning) ? 'initial' : 'any', box: box(node) })),
      ...nodes.flatMap((node) => hubMark(node, at(node))),
    ],
    edges: edges.map(({ from, to, transitions, sections = [], labels = [] }) => ({
      ...(to === undefined ? {} : { from, to, transitions }),
      points: sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
        [startPoint, ...bendPoints, endPoint].map(at),
      ),
      ...(labels[0] === undefined ? {} : { label: box(labels[0]) }),
    })),
  };
}

function inHub({ hub }, [left, top]) {
  return (hub?.states ?? []).map(({ path, box: [x, y, width, height], captions }) => ({
    path,
    box: [x + left, y + top, width, height],
    ...(captions.length > 0 ? { captions: captions.map(({ transition }) => transition) } : {}),
  }));
}

/** The dot at which a hub begins stands left of the state it leads to. */
function hubMark({ hub }, [left, top]) {
  const first = hub?.states.find(({ path }) => path === hub.initial);
  return first === undefined
    ? []
    : [{ type: 'initial', box: [left + first.box[0] - 16, top + first.box[1] + 12, 10, 10] }];
}

function nodesBelow({ children = [] }) {
  return children.flatMap((child) => [child, ...nodesBelow(child)]);
}
