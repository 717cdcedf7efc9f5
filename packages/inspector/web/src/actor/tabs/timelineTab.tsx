import type { ChartGraph } from '../../../../src/chart/chartGraph.ts';
import type { Chart } from '../../chart/chart.ts';
import { stateColour } from '../../chart/stateColour.ts';
import { usePage } from '../../store/page.ts';
import type { VisitedState } from '../../store/visitedState.ts';

const shownMs = 60_000;

/** Interval in which a region was in one state. */
type Band = { readonly state: string; readonly from: number; readonly to: number };

/** States of each region of the chart in the last minute, one line for each region. */
export function TimelineTab({ chart }: { readonly chart: Chart | undefined }) {
  const { selectedActor, actors } = usePage();
  const now = actors.now;
  const regions = chart === undefined ? [''] : regionsOf(chart.graph);
  return (
    <div class="timeline">
      {regions.map((region) => (
        <div key={region} class="timeline-line">
          <span class="timeline-name">{region === '' ? 'state' : region.split('.').at(-1)}</span>
          <div class="timeline-bands">
            {bandsOf(selectedActor.visitedStates, region, now).map(({ state, from, to }) => {
              const width = ((to - from) * 100) / shownMs;
              return (
                <i
                  key={from}
                  class={`band is-${stateColour(state)}`}
                  style={{ left: `${100 - ((now - from) * 100) / shownMs}%`, width: `${width}%` }}
                  title={`${state}, ${((to - from) / 1_000).toFixed(1)} s`}
                >
                  {width > 7 ? state : ''}
                </i>
              );
            })}
          </div>
        </div>
      ))}
      <div class="timeline-line timeline-axis" aria-hidden="true">
        <span class="timeline-name" />
        <div class="timeline-marks">
          {['−60 s', '−45 s', '−30 s', '−15 s', 'now'].map((mark) => (
            <span key={mark}>{mark}</span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Returns the regions of the outermost parallel state; for a chart without one, the root. */
function regionsOf({ states }: ChartGraph): readonly string[] {
  const parallel = states.find(({ type }) => type === 'parallel');
  if (parallel === undefined) return [''];
  const regions = states.filter(({ path }) => path.slice(0, path.lastIndexOf('.')) === parallel.path);
  return regions.map(({ path }) => path);
}

function bandsOf(visitedStates: readonly VisitedState[], region: string, now: number): readonly Band[] {
  const bands: Band[] = [];
  for (const [index, { at, paths }] of visitedStates.entries()) {
    const inside = region === '' ? paths : paths.filter((path) => path.startsWith(`${region}.`));
    const state = inside.at(-1)?.split('.').at(-1);
    const to = visitedStates[index + 1]?.at ?? now;
    const from = Math.max(at, now - shownMs);
    if (state === undefined || to <= from) continue;
    const last = bands.at(-1);
    if (last?.state === state && last.to === from) bands[bands.length - 1] = { ...last, to };
    else bands.push({ state, from, to });
  }
  return bands;
}
