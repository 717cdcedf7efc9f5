import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import { stateColour } from '../chart/stateColour.ts';
import { kindLabel } from '../store/groups.ts';
import { usePage } from '../store/page.ts';
import { count } from '../ui/format.ts';

type StateCardsInput = {
  /** Chart of the kind; where it is not known, the states that were seen are shown. */
  readonly graph: ChartGraph | undefined;
  readonly heads: ReadonlyMap<string, number>;
};

/** Counts of the actors of a kind in each state, as cards. */
export function StateCards({ graph, heads }: StateCardsInput) {
  const { kind } = usePage().view.choices;
  const all = heads.get('') ?? 0;
  const seen = Array.from(heads.keys()).filter((path) => path !== '');
  const leaves =
    graph?.states.filter(({ type }) => type !== 'compound' && type !== 'parallel').map(({ path }) => path) ??
    seen.filter((path) => !seen.some((other) => other.startsWith(`${path}.`)));
  return (
    <div class="state-cards">
      {all === 0 && <p class="nothing">There are no {kindLabel(kind).plural} now.</p>}
      {leaves.map((path) => (
        <StateCard key={path} path={path} heads={heads.get(path) ?? 0} all={all} />
      ))}
    </div>
  );
}

function StateCard({ path, heads, all }: { readonly path: string; readonly heads: number; readonly all: number }) {
  const { view } = usePage();
  const { kind, state } = view.choices;
  const names = path.split('.');
  const leaf = names.at(-1) ?? path;
  const isChosen = state?.kind === kind && state.path === path;
  return (
    <button
      type="button"
      class={`state-card is-${stateColour(leaf)}${heads === 0 ? ' is-empty' : ''}`}
      aria-pressed={isChosen}
      onClick={() => view.toggleState(kind, path)}
    >
      <span class="state-path">{names.slice(0, -1).join(' › ')}</span>
      <span class="state-name">{leaf}</span>
      <span class="state-heads">{count(heads)}</span>
      <span class="state-share" aria-hidden="true">
        <i style={{ width: `${all === 0 ? 0 : (heads * 100) / all}%` }} />
      </span>
    </button>
  );
}
