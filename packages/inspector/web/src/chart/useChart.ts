import { useEffect, useState } from 'preact/hooks';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import { usePage } from '../store/page.ts';
import type { Chart } from './chart.ts';
import { layOutChart, loadChart } from './loadChart.ts';

/** Returns the chart of a kind once it is loaded: one of ours, or one of the program. */
export function useChart(kind: ShownKind): Chart | undefined {
  const { actors } = usePage();
  const graph = actors.graphs.get(kind);
  const [found, setFound] = useState<{ readonly kind: ShownKind; readonly chart: Chart | undefined }>();
  useEffect(() => {
    let isCurrent = true;
    const show = (chart: Chart | undefined) => isCurrent && setFound({ kind, chart });
    void loadChart(kind)
      .then((own) => (own === undefined && graph !== undefined ? layOutChart(graph) : own))
      .then(show);
    return () => {
      isCurrent = false;
    };
  }, [kind, graph]);
  return found?.kind === kind ? found.chart : undefined;
}
