import type { ChartGraph } from './chartGraph.ts';
import type { Box, Drawing, Drawings, LayOut } from './drawing.ts';
import { anyNodePrefix, elkChartOf, initialNodePrefix } from './elkGraph.ts';
import type { ElkNode } from './elkTypes.ts';
import type { HubState } from './hubState.ts';

/** Strategy by which ELK breaks cycles. `DEPTH_FIRST` keeps the order of the definition. */
export type CycleBreaking = 'DEPTH_FIRST' | 'GREEDY';

const layoutOptions = (direction: string, cycles: CycleBreaking) => ({
  'elk.algorithm': 'layered',
  'elk.direction': direction,
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.cycleBreaking.strategy': cycles,
  'elk.spacing.nodeNode': '20',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '9',
  'elk.spacing.edgeLabel': '3',
  'elk.layered.spacing.edgeNodeBetweenLayers': '13',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
});

/** Lays a chart out in all the ways in which it is shown. */
export async function drawChart(
  graph: ChartGraph,
  layOut: LayOut,
  cycles: CycleBreaking = 'DEPTH_FIRST',
): Promise<Drawings> {
  const drawing = (labelled: boolean, direction: string) =>
    drawOnce(graph, labelled, layoutOptions(direction, cycles), layOut);
  return {
    population: [await drawing(false, 'DOWN'), await drawing(false, 'RIGHT')],
    actor: [await drawing(true, 'DOWN'), await drawing(true, 'RIGHT')],
  };
}

async function drawOnce(
  graph: ChartGraph,
  labelled: boolean,
  options: Readonly<Record<string, string>>,
  layOut: LayOut,
): Promise<Drawing> {
  const { root, hubs, transitions } = elkChartOf(graph, labelled, options);
  const laid = await layOut(root);
  const nodes = nodesBelow(laid);
  const paths = new Set(graph.states.map(({ path }) => path));
  const [left, top] = [Math.min(...nodes.map(({ x = 0 }) => x)), Math.min(...nodes.map(({ y = 0 }) => y))];
  const at = ({ x = 0, y = 0 }: Partial<Place>) => [Math.round(x - left), Math.round(y - top)] as const;
  const boxOf = (shape: Shape): Box => [...at(shape), Math.round(shape.width ?? 0), Math.round(shape.height ?? 0)];
  const edges = [laid, ...nodes].flatMap(({ edges: own = [] }) => own);
  return {
    width: Math.round(laid.width ?? 0),
    height: Math.round(laid.height ?? 0),
    states: nodes
      .filter(({ id }) => paths.has(id))
      .flatMap((node) => [{ path: node.id, box: boxOf(node) }, ...inHub(hubs.get(node.id), at(node))]),
    marks: [
      ...nodes.flatMap((node): Drawing['marks'] => {
        if (node.id.startsWith(initialNodePrefix)) return [{ type: 'initial', box: boxOf(node) }];
        return node.id.startsWith(anyNodePrefix) ? [{ type: 'any', box: boxOf(node) }] : [];
      }),
      ...nodes.flatMap((node) => hubMark(hubs.get(node.id), at(node))),
    ],
    edges: edges.map(({ id, sections = [], labels: [label] = [] }) => {
      const own = transitions.get(id);
      return {
        points: sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
          [startPoint, ...bendPoints, endPoint].map(at),
        ),
        ...(own === undefined ? {} : { transitions: own }),
        ...(label === undefined ? {} : { label: boxOf(label) }),
      };
    }),
  };
}

type Place = { readonly x: number; readonly y: number };
type Shape = Partial<Place> & { readonly width?: number; readonly height?: number };

function inHub(hub: HubState | undefined, [left, top]: readonly [number, number]): Drawing['states'] {
  return (hub?.states ?? []).map(({ path, box: [x, y, width, height], captions }) => ({
    path,
    box: [x + left, y + top, width, height],
    ...(captions.length > 0 ? { captions } : {}),
  }));
}

/** The dot at which a hub begins stands left of the state it leads to. */
function hubMark(hub: HubState | undefined, [left, top]: readonly [number, number]): Drawing['marks'] {
  const first = hub?.states.find(({ path }) => path === hub.initial);
  return first === undefined
    ? []
    : [{ type: 'initial', box: [left + first.box[0] - 16, top + first.box[1] + 12, 10, 10] }];
}

function nodesBelow({ children = [] }: ElkNode): readonly ElkNode[] {
  return children.flatMap((child) => [child, ...nodesBelow(child)]);
}
