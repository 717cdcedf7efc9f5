import type { ChartState } from '../../../src/chart/chartGraph.ts';
import type { Box } from '../../../src/chart/drawing.ts';
import { count } from '../ui/format.ts';
import { pressKeys } from '../ui/keyboard.ts';

/** Look of a state. */
export type StateLook = {
  readonly colour: string;
  /** Number of actors in it; missing where one actor is shown. */
  readonly heads?: number;
  /** Share of all actors, from 0 to 1. */
  readonly heat: number;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  /** Whether it was never entered, where coverage is shown. */
  readonly isNever?: boolean;
  /** Text after the name: a timer that runs, or how often it stayed. */
  readonly note?: string;
};

type StateBoxInput = {
  readonly state: ChartState;
  readonly box: Box;
  readonly look: StateLook;
  readonly onChoose: (path: string) => void;
  /** Labels of the transitions into the state, written into it. */
  readonly captions?:
    | readonly { readonly words: string; readonly isTaken: boolean; readonly isNever: boolean }[]
    | undefined;
};

/** One state of a chart: a button, since choosing it shows the actors that are in it. */
export function StateBox({ state, box: [x, y, width, height], look, onChoose, captions }: StateBoxInput) {
  const { colour, heads, heat, isActive, isChosen, isNever = false, note } = look;
  const isOuter = state.type === 'compound' || state.type === 'parallel';
  const isRegion = isOuter && state.path.includes('.');
  const classes = [
    'state',
    `is-${colour}`,
    isOuter ? 'is-outer' : 'is-leaf',
    isRegion ? 'is-region' : '',
    isActive ? 'is-active' : '',
    isChosen ? 'is-chosen' : '',
    heads === 0 ? 'is-empty' : '',
    isNever ? 'is-never' : '',
  ];
  const choose = () => onChoose(state.path);
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button element inside of an SVG drawing.
    <g
      class={classes.join(' ')}
      role="button"
      tabindex={0}
      aria-label={spoken(state, look, captions)}
      aria-pressed={isChosen}
      {...(isActive ? { 'aria-current': 'true' as const } : {})}
      onClick={choose}
      onKeyDown={pressKeys(choose)}
    >
      <rect class="state-shape" x={x} y={y} width={width} height={height} rx={isOuter ? 11 : 8} />
      {heat > 0 && !isOuter && (
        <rect
          class="state-heat"
          x={x}
          y={y}
          width={width}
          height={height}
          rx={8}
          opacity={0.08 + 0.42 * Math.sqrt(heat)}
        />
      )}
      {state.type === 'final' && (
        <rect class="state-final" x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={6} />
      )}
      <circle class="state-dot" cx={x + 15} cy={y + 17} r={3.6} />
      <text class="state-title" x={x + 27} y={y + 21.5}>
        {state.name}
        {isOuter && heads !== undefined && (
          <tspan class="state-count" dx={5}>
            {` ${count(heads)}`}
          </tspan>
        )}
        {isOuter && heads === undefined && state.type === 'parallel' && (
          <tspan class="state-type" dx={4}>
            {' parallel'}
          </tspan>
        )}
      </text>
      {!isOuter && (heads !== undefined || note !== undefined) && (
        <text class="state-count" x={x + width - 11} y={y + 21.5} text-anchor="end">
          {` ${heads === undefined ? note : count(heads)}`}
        </text>
      )}
      {captions?.map(({ words, isTaken, isNever }, line) => (
        <text
          key={words}
          class={`caption${isTaken ? ' is-taken' : ''}${isNever ? ' is-never' : ''}`}
          x={x + 15}
          y={y + 43 + line * 15}
        >
          {` ${words}`}
        </text>
      ))}
    </g>
  );
}

/** Returns the accessible name of the state: what is seen of it in order, and then where it is. */
function spoken(
  state: ChartState,
  { heads, isActive, isNever, note }: StateLook,
  captions: StateBoxInput['captions'],
): string {
  const outer = state.path.split('.').slice(0, -1);
  const parallel = state.type === 'parallel' && heads === undefined ? 'parallel' : undefined;
  const seen = [
    state.name,
    parallel,
    heads === undefined ? note : count(heads),
    ...(captions ?? []).map(({ words }) => words),
  ];
  const place = outer.length === 0 ? '' : ` in ${outer.join(' ')}`;
  const said = heads === undefined ? (isActive ? ', active' : '') : ' actors';
  return `${seen.filter((each) => each !== undefined).join(' ')}${said}${place}${isNever ? ', never taken' : ''}`;
}
