import { useEffect, useState } from 'preact/hooks';
import type { ChartState } from '../../../src/chart/chartGraph.ts';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import type { Chart } from '../chart/chart.ts';
import { chartImage } from '../chart/chartImage.ts';
import { ChartView } from '../chart/chartView.tsx';
import { CoverageButton, CoveragePanel } from '../chart/coveragePanel.tsx';
import type { StateLook } from '../chart/stateBox.tsx';
import { toneOf } from '../chart/stateColour.ts';
import { useChart } from '../chart/useChart.ts';
import { coveredByAll } from '../store/coverage.ts';
import { kindWords } from '../store/groups.ts';
import { usePage } from '../store/page.ts';
import { download } from '../ui/download.ts';
import { Icon } from '../ui/icons.tsx';
import { EdgeHeat } from './edgeHeat.ts';
import { KindTabs } from './kindTabs.tsx';
import { HeadCounts } from './stateCards.tsx';

/** Below this width a chart cannot be read; states are shown as a list. */
const leastChartWidth = 620;

/** One chart for all actors of a kind, with a head-count in every state. */
export function PopulationView() {
  const { population, view } = usePage();
  const { kind, state: chosen, showsChart = window.innerWidth >= leastChartWidth } = view.choices;
  const chart = useChart(kind);
  const heads = population.headCounts(kind);
  const all = heads.get('') ?? 0;
  const heatOf = useEdgeHeat(chart, kind);
  const { showsCoverage } = view.choices;
  const covered = showsCoverage && chart !== undefined ? coveredByAll(population, kind, chart.graph) : undefined;
  const scope =
    population.coverage.get(kind)?.states.length === 0 ? 'while this page looked' : 'since the program started';
  const lookOf = ({ path, name }: ChartState): StateLook => {
    const here = heads.get(path) ?? 0;
    return {
      tone: toneOf(name),
      heads: here,
      heat: all === 0 ? 0 : here / all,
      isActive: here > 0,
      isChosen: chosen?.kind === kind && chosen.path === path,
    };
  };
  return (
    <section class="population" aria-label="Population">
      <div class="centre-head">
        <h2>Population</h2>
        <div class="centre-tools">
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
        <HeadCounts graph={chart?.graph ?? population.graphs.get(kind)} heads={heads} />
      ) : (
        <ChartView
          chart={chart}
          mode="population"
          label={`The states of ${kindWords(kind).plural}, with how many are in each`}
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

/** How warm each edge is, anew every second. */
function useEdgeHeat(chart: Chart | undefined, kind: ShownKind): (transitions: readonly number[]) => number {
  const { population } = usePage();
  const [heatOf, setHeatOf] = useState(() => (_transitions: readonly number[]) => 0);
  useEffect(() => {
    if (chart === undefined) return;
    const heat = new EdgeHeat(chart.graph);
    population.takeFlows(kind);
    const timer = setInterval(() => {
      heat.add(population.takeFlows(kind));
      setHeatOf(() => (transitions: readonly number[]) => heat.of(transitions));
    }, 1_000);
    return () => clearInterval(timer);
  }, [chart, kind, population]);
  return heatOf;
}
