import { useRef } from 'preact/hooks';
import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { Drawing } from '../../../src/chart/drawing.ts';
import { transitionLabelAt } from '../../../src/chart/transitionLabel.ts';
import { pressKeys } from '../ui/keyboard.ts';
import { edgePath } from './edgePath.ts';

type SendableEdgesInput = {
  readonly drawing: Drawing;
  readonly graph: ChartGraph;
  /** Transitions that may be triggered, by index in the graph. */
  readonly sendable: ReadonlySet<number>;
  readonly onTake: (index: number) => void;
};

/** A click that moved farther than this is the end of a drag, in pixels. */
const dragPixels = 4;

/** Buttons over the edges that a click triggers, each as wide as a finger needs. */
export function SendableEdges({ drawing, graph, sendable, onTake }: SendableEdgesInput) {
  const pressedAt = useRef<{ readonly x: number; readonly y: number } | undefined>(undefined);
  return drawing.edges.flatMap(({ points, label, transitions = [] }) =>
    transitions.map((index, line) => {
      if (!sendable.has(index)) return null;
      const isFirst = transitions.findIndex((each) => sendable.has(each)) === line;
      const take = () => onTake(index);
      return (
        // biome-ignore lint/a11y/useSemanticElements: there is no button element inside of an SVG drawing.
        <g
          key={`${index} ${line}`}
          class="sendable-edge"
          role="button"
          tabindex={0}
          aria-label={`Send ${transitionLabelAt(graph, index)}: ${wayOf(graph, index)}`}
          onPointerDown={({ clientX: x, clientY: y }) => {
            pressedAt.current = { x, y };
          }}
          onClick={({ clientX, clientY }) => {
            const { x, y } = pressedAt.current ?? { x: clientX, y: clientY };
            pressedAt.current = undefined;
            // Whoever drags the chart by an edge does not mean the event.
            if (Math.hypot(clientX - x, clientY - y) <= dragPixels) take();
          }}
          onKeyDown={pressKeys(take)}
        >
          {isFirst && <path class="sendable-reach" d={edgePath(points)} />}
          {label !== undefined && (
            <rect
              class="sendable-frame"
              x={label[0]}
              y={label[1] + 1 + line * 16}
              width={label[2]}
              height={16}
              rx={4}
            />
          )}
        </g>
      );
    }),
  );
}

function wayOf({ transitions }: ChartGraph, index: number): string {
  const { from = '', to = from } = transitions[index] ?? {};
  return from === to ? `stays in ${nameOf(from)}` : `${nameOf(from)} to ${nameOf(to)}`;
}

const nameOf = (path: string): string => (path === '' ? 'the whole' : (path.split('.').at(-1) ?? path));
