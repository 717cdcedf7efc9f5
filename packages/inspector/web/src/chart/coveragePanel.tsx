import { useEffect } from 'preact/hooks';
import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import { transitionLabelAt } from '../../../src/chart/transitionLabel.ts';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import { type Covered, uncoveredOf } from '../store/coverage.ts';
import { usePage } from '../store/page.ts';
import { count } from '../ui/format.ts';

/** Button that shows or hides coverage on the chart. */
export function CoverageButton({ kind }: { readonly kind: ShownKind }) {
  const { view, connection } = usePage();
  const { showsCoverage } = view.choices;
  useEffect(() => connection.cover(showsCoverage ? kind : undefined), [connection, showsCoverage, kind]);
  return (
    <button type="button" aria-pressed={showsCoverage} onClick={() => view.choose({ showsCoverage: !showsCoverage })}>
      Coverage
    </button>
  );
}

type CoveragePanelInput = {
  readonly graph: ChartGraph;
  readonly covered: Covered;
  /** Text of who took it, and since when. */
  readonly scope: string;
};

/** Share of the chart that was taken, and the names of what was not. */
export function CoveragePanel({ graph, covered, scope }: CoveragePanelInput) {
  const { states, ofStates, transitions, ofTransitions } = uncoveredOf(graph, covered);
  return (
    <details class="coverage">
      <summary>
        <b>
          {count(ofStates - states.length)} of {count(ofStates)}
        </b>{' '}
        states,{' '}
        <b>
          {count(ofTransitions - transitions.length)} of {count(ofTransitions)}
        </b>{' '}
        transitions taken {scope}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer must be able to scroll it. */}
      <ul aria-label="Never taken" tabIndex={0}>
        {states.map(({ path }) => (
          <li key={path}>{path.replaceAll('.', ' › ')}</li>
        ))}
        {transitions.map((index) => (
          <li key={index}>
            {graph.transitions[index]?.from.split('.').at(-1)} on {transitionLabelAt(graph, index)}
          </li>
        ))}
      </ul>
    </details>
  );
}
