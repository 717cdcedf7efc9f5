import { actorStatuses, statusProperties } from '../store/actorStatus.ts';
import { usePage } from '../store/page.ts';
import { count } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { StatusIcon } from '../ui/statusIcon.tsx';

/** Filters of the list: a find box, a button for each status, and the order of the rows. */
export function Filters({ shown }: { readonly shown: number }) {
  const { actors, view } = usePage();
  const { find, statuses: chosen, state, worstFirst } = view.choices;
  return (
    <div class="filters">
      <label class="find">
        <Icon name="find" />
        <input
          id="find"
          type="search"
          placeholder="Find an actor"
          aria-label="Find an actor"
          autocomplete="off"
          spellcheck={false}
          value={find}
          onInput={(event) => view.choose({ find: event.currentTarget.value })}
        />
        <kbd>/</kbd>
      </label>
      <fieldset class="chips" aria-label="Show only">
        {actorStatuses.map((status, number) => {
          const heads = actors.statusCount(number);
          const isChosen = chosen.has(status);
          if (heads === 0 && !isChosen) return null;
          return (
            <button
              type="button"
              key={status}
              class="chip"
              aria-pressed={isChosen}
              aria-label={`${count(heads)} ${statusProperties[status].label.toLowerCase()}`}
              title={statusProperties[status].label}
              onClick={() => view.toggleStatus(status)}
            >
              <StatusIcon status={status} size={10} />
              {count(heads)}
            </button>
          );
        })}
        {state !== undefined && (
          <button
            type="button"
            class="chip chip-state"
            aria-label={`Only ${state.kind}s in ${state.path}: show all again`}
            onClick={() => view.choose({ state: undefined })}
          >
            {state.kind} in {state.path.split('.').slice(-2).join('.')}
            <Icon name="close" />
          </button>
        )}
      </fieldset>
      <div class="row-count">
        <span>{count(shown)} shown</span>
        <button type="button" class="text-button" onClick={() => view.choose({ worstFirst: !worstFirst })}>
          {worstFirst ? 'Worst first' : 'By name'}
        </button>
      </div>
    </div>
  );
}
