import { useEffect, useState } from 'preact/hooks';
import type { ChartState } from '../../../src/chart/chartGraph.ts';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import type { Chart } from '../chart/chart.ts';
import { chartImage } from '../chart/chartImage.ts';
import { ChartView } from '../chart/chartView.tsx';
import { CoverageButton, CoveragePanel } from '../chart/coveragePanel.tsx';
import type { StateLook } from '../chart/stateBox.tsx';
import { stateColour } from '../chart/stateColour.ts';
import { useChart } from '../chart/useChart.ts';
import { coveredByAll } from '../store/coverage.ts';
import { kindLabel } from '../store/groups.ts';
import { usePage } from '../store/page.ts';
import { download } from '../ui/download.ts';
import { Icon } from '../ui/icons.tsx';
import { EdgeHeat } from './edgeHeat.ts';
import { KindTabs } from './kindTabs.tsx';
import { StateCards } from './stateCards.tsx';

/** Below this width a chart cannot be read; states are shown as a list. */
const leastChartWidth = 620;

/** One chart for all actors of a kind, with a count in every state. */
export function KindView() {
  const { actors, view } = usePage();
  const { kind, state: chosen, showsChart = window.innerWidth >= leastChartWidth } = view.choices;
  const chart = useChart(kind);
  const heads = actors.headCounts(kind);
  const all = heads.get('') ?? 0;
  const heatOf = useEdgeHeat(chart, kind);
  const { showsCoverage } = view.choices;
  const covered = showsCoverage && chart !== undefined ? coveredByAll(actors, kind, chart.graph) : undefined;
  const scope = actors.coverage.get(kind)?.states.length === 0 ? 'while this page looked' : 'since the program started';
  const lookOf = ({ path, name }: ChartState): StateLook => {
    const here = heads.get(path) ?? 0;
    return {
      colour: stateColour(name),
      heads: here,
      heat: all === 0 ? 0 : here / all,
      isActive: here > 0,
      isChosen: chosen?.kind === kind && chosen.path === path,
    };
  };
  return (
    <section class="kind-view" aria-label="Population">
      <div class="pane-head">
        <h2>Population</h2>
        <div class="pane-tools">
          <button
            type="button"
            class="text-button"
            aria-pressed={!showsChart}
            onClick={() => view.choose({ showsChart: !showsChart })}
          >
            {showsChart ? 'As a list' : 'As a chart'}
          </button>
          <KindTabs />
        </div>
      </div>
      {chart === undefined || !showsChart ? (
        <StateCards graph={chart?.graph ?? actors.graphs.get(kind)} heads={heads} />
      ) : (
        <ChartView
          chart={chart}
          mode="population"
          label={`The states of ${kindLabel(kind).plural}, with how many are in each`}
          lookOf={lookOf}
          heatOf={heatOf}
          covered={covered}
          onChoose={(path) => view.toggleState(kind, path)}
        >
          {covered !== undefined && <CoveragePanel graph={chart.graph} covered={covered} scope={scope} />}
          <CoverageButton kind={kind} />
          <button
            type="button"
            class="plain"
            aria-label="Save the chart as SVG"
            title="Save the chart as SVG"
            onClick={() => download(`${kind}.svg`, 'image/svg+xml', chartImage())}
          >
            <Icon name="save" />
          </button>
        </ChartView>
      )}
    </section>
  );
}

/** Returns how often each edge was taken lately, from 0 to 1, updated every second. */
function useEdgeHeat(chart: Chart | undefined, kind: ShownKind): (transitions: readonly number[]) => number {
  const { actors } = usePage();
  const [heatOf, setHeatOf] = useState(() => (_transitions: readonly number[]) => 0);
  useEffect(() => {
    if (chart === undefined) return;
    const heat = new EdgeHeat(chart.graph);
    actors.takeFlows(kind);
    const timer = setInterval(() => {
      heat.add(actors.takeFlows(kind));
      setHeatOf(() => (transitions: readonly number[]) => heat.of(transitions));
    }, 1_000);
    return () => clearInterval(timer);
  }, [chart, kind, actors]);
  return heatOf;
}
