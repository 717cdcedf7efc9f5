import { memo } from 'preact/compat';
import type { ChartGraph, ChartState } from '../../../src/chart/chartGraph.ts';
import type { Box, Drawing } from '../../../src/chart/drawing.ts';
import { transitionLabelAt } from '../../../src/chart/transitionLabel.ts';
import type { Covered } from '../store/coverage.ts';
import { Icon } from '../ui/icons.tsx';
import { useCamera } from './camera.ts';
import type { Chart } from './chart.ts';
import { edgePath } from './edgePath.ts';
import { SendableEdges } from './sendableEdges.tsx';
import { StateBox, type StateLook } from './stateBox.tsx';

export type ChartViewInput = {
  readonly chart: Chart;
  readonly mode: 'population' | 'actor';
  readonly label: string;
  /** Look of a state. */
  readonly lookOf: (state: ChartState) => StateLook;
  readonly onChoose: (path: string) => void;
  /** Transitions that were taken last, by index in the graph. */
  readonly taken?: ReadonlySet<number>;
  /** Changes whenever transitions were taken, also the same ones. */
  readonly takenKey?: string;
  /** Coverage, when what was never taken is to stand out. */
  readonly covered?: Covered | undefined;
  /** Rate of an edge with these transitions, from 0 to 1. */
  readonly heatOf?: (transitions: readonly number[]) => number;
  /** Box that the camera follows, in each of the drawings. */
  readonly focus?: readonly [Box, Box];
  /** Transitions that a click triggers, by index in the graph. */
  readonly sendable?: ReadonlySet<number>;
  readonly onTake?: (index: number) => void;
  readonly children?: preact.ComponentChildren;
};

/** A statechart, drawn from the definition that runs. */
export function ChartView({
  chart,
  mode,
  label,
  lookOf,
  onChoose,
  taken = nothingTaken,
  takenKey = '',
  covered,
  heatOf = isCold,
  focus,
  sendable = nothingTaken,
  onTake = () => {},
  children,
}: ChartViewInput) {
  const { graph, drawings } = chart;
  const { pane, drawing, camera, isHeld, fit } = useCamera(drawings[mode], focus);
  const shownLook = (state: ChartState): StateLook => {
    const look = lookOf(state);
    return covered === undefined ? look : { ...look, isNever: !covered.states.has(state.path) };
  };
  const states = new Map(graph.states.map((state) => [state.path, state]));
  const transform = `translate(${camera.x}px, ${camera.y}px) scale(${camera.scale})`;
  return (
    <section class="chart-pane" aria-label={label}>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the section around it is named; a title would follow the pointer everywhere. */}
      <svg class="chart" ref={pane}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path class="arrow" d="M0 .8 7.4 4 0 7.2z" />
          </marker>
          <marker id="arrow-taken" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path class="arrow-taken" d="M0 .8 7.4 4 0 7.2z" />
          </marker>
        </defs>
        <g class={isHeld ? 'stage is-held' : 'stage'} style={{ transform }}>
          {drawing.states.map(({ path, box }) => {
            const state = states.get(path);
            if (state === undefined || isLeaf(state)) return null;
            return <StateBox key={path} state={state} box={box} look={shownLook(state)} onChoose={onChoose} />;
          })}
          <Edges drawing={drawing} graph={graph} taken={taken} takenKey={takenKey} covered={covered} heatOf={heatOf} />
          {drawing.states.map(({ path, box, captions }) => {
            const state = states.get(path);
            if (state === undefined || !isLeaf(state)) return null;
            const lines = captions?.map((index) => ({
              words: transitionLabelAt(graph, index, path),
              isTaken: taken.has(index),
              isNever: isNeverTaken(covered, index),
            }));
            return (
              <StateBox
                key={path}
                state={state}
                box={box}
                look={shownLook(state)}
                onChoose={onChoose}
                captions={lines}
              />
            );
          })}
          <SendableEdges drawing={drawing} graph={graph} sendable={sendable} onTake={onTake} />
        </g>
      </svg>
      <div class="chart-tools">
        {children}
        <button
          type="button"
          class="plain"
          aria-label="Fit the chart"
          title="Fit the chart"
          disabled={!isHeld}
          onClick={fit}
        >
          <Icon name="fit" />
        </button>
      </div>
    </section>
  );
}

const isCold = () => 0;

const isNeverTaken = (covered: Covered | undefined, index: number) =>
  covered !== undefined && !covered.transitions.has(index);

const nothingTaken: ReadonlySet<number> = new Set();

const isLeaf = ({ type }: ChartState) => type !== 'compound' && type !== 'parallel';

type EdgesInput = {
  readonly drawing: Drawing;
  readonly graph: ChartGraph;
  readonly taken: ReadonlySet<number>;
  readonly takenKey: string;
  readonly covered: Covered | undefined;
  readonly heatOf: (transitions: readonly number[]) => number;
};

const Edges = memo(({ drawing, graph, taken, takenKey, covered, heatOf }: EdgesInput) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in here takes the focus.
  <g class="edges" aria-hidden="true">
    {drawing.marks.map(({ type, box: [x, y, width, height] }) =>
      type === 'initial' ? (
        <circle key={`${x} ${y}`} class="initial" cx={x + width / 2} cy={y + height / 2} r={4.5} />
      ) : (
        <g key={`${x} ${y}`} class="any">
          <rect x={x} y={y} width={width} height={height} rx={height / 2} />
          <text x={x + width / 2} y={y + height / 2 + 4}>
            any
          </text>
        </g>
      ),
    )}
    {drawing.edges.map(({ points, transitions = [] }) => {
      const isTaken = transitions.some((index) => taken.has(index));
      const isNever = transitions.length > 0 && transitions.every((index) => isNeverTaken(covered, index));
      const path = edgePath(points);
      const heat = heatOf(transitions);
      return (
        <g key={path} class={`edge${isTaken ? ' is-taken' : ''}${isNever ? ' is-never' : ''}`}>
          {heat > 0 && (
            <path class="edge-heat" d={path} style={{ opacity: 0.25 + heat * 0.55, strokeWidth: 2 + heat * 4 }} />
          )}
          <path d={path} marker-end={isTaken ? 'url(#arrow-taken)' : 'url(#arrow)'} />
          {isTaken && <path key={takenKey} class="comet" d={path} pathLength={100} />}
        </g>
      );
    })}
    {drawing.edges.map(({ label, transitions = [] }) => {
      if (label === undefined) return null;
      const [x, y, width, height] = label;
      return (
        <g key={`${x} ${y}`} class="edge-label">
          <rect x={x} y={y} width={width} height={height} rx={4} />
          {transitions.map((index, line) => (
            <text
              key={index}
              class={`${taken.has(index) ? 'is-taken' : ''}${isNeverTaken(covered, index) ? ' is-never' : ''}`}
              x={x + width / 2}
              y={y + 13 + line * 16}
            >
              {transitionLabelAt(graph, index)}
            </text>
          ))}
        </g>
      );
    })}
  </g>
));
