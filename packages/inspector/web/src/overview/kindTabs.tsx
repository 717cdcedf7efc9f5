import { useEffect } from 'preact/hooks';
import { isForeign, type ShownKind } from '../../../src/protocol/shownActor.ts';
import { kindLabel } from '../store/groups.ts';
import { usePage } from '../store/page.ts';

const ownKinds: readonly ShownKind[] = ['supervisor', 'monitor', 'notifier', 'session'];

/** Tabs that choose the kind of actor whose chart is shown. */
export function KindTabs() {
  const { actors, view } = usePage();
  const foreign = actors.kinds.filter(isForeign);
  // Actors of other sorts have one state each: their tab comes last.
  const kinds = foreign.length === 0 ? ownKinds : foreign.toSorted((a, b) => b.length - a.length);
  const shown = kinds.includes(view.choices.kind) ? view.choices.kind : kinds[0];
  useEffect(() => {
    if (shown !== undefined && shown !== view.choices.kind) view.choose({ kind: shown });
  }, [shown, view]);
  const choose = (index: number) => {
    const kind = kinds[(index + kinds.length) % kinds.length] ?? 'monitor';
    view.choose({ kind });
    document.getElementById(`tab-${kind}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Kind of actor">
      {kinds.map((kind, index) => (
        <button
          type="button"
          key={kind}
          id={`tab-${kind}`}
          role="tab"
          aria-selected={kind === view.choices.kind}
          tabIndex={kind === view.choices.kind ? 0 : -1}
          onClick={() => view.choose({ kind })}
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight') choose(index + 1);
            if (event.key === 'ArrowLeft') choose(index - 1);
          }}
        >
          {kindLabel(kind).one}
        </button>
      ))}
    </div>
  );
}
