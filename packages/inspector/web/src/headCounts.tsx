import type { ShownKind } from '../../src/wire.ts';
import { count } from './format.ts';
import { plurals } from './groups.ts';
import { KindTabs } from './kindTabs.tsx';
import { usePage } from './page.ts';
import { standings } from './standings.ts';

/** How many actors of a kind are in each of its states, as cards. */
export function HeadCounts() {
  const { population, view } = usePage();
  const { kind, state } = view.choices;
  const counts = population.headCounts(kind);
  const all = counts.get('') ?? 0;
  const paths = Array.from(counts.keys())
    .filter((path) => path !== '')
    .sort();
  return (
    <section class="population" aria-label="Population">
      <div class="centre-head">
        <h2>Population</h2>
        <KindTabs />
      </div>
      <div class="state-cards">
        {all === 0 && <p class="nothing">There are no {plurals[kind]} now.</p>}
        {paths.map((path) => (
          <StateCard
            key={path}
            kind={kind}
            path={path}
            heads={counts.get(path) ?? 0}
            all={all}
            isChosen={state?.path === path}
          />
        ))}
      </div>
    </section>
  );
}

type StateCardInput = {
  readonly kind: ShownKind;
  readonly path: string;
  readonly heads: number;
  readonly all: number;
  readonly isChosen: boolean;
};

function StateCard({ kind, path, heads, all, isChosen }: StateCardInput) {
  const { view } = usePage();
  const names = path.split('.');
  const leaf = names.at(-1) ?? path;
  const tone = (standings as readonly string[]).includes(leaf) ? leaf : 'neutral';
  return (
    <button
      type="button"
      class={`state-card is-${tone}${heads === 0 ? ' is-empty' : ''}`}
      aria-pressed={isChosen}
      onClick={() => view.choose({ state: isChosen ? undefined : { kind, path } })}
    >
      <span class="state-path">{names.slice(0, -1).join(' › ')}</span>
      <span class="state-name">{leaf}</span>
      <span class="state-heads">{count(heads)}</span>
      <meter class="state-share" min={0} max={all} value={heads} aria-hidden="true" />
    </button>
  );
}
