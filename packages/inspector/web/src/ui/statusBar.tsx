import { type ActorStatus, actorStatuses, statusProperties } from '../store/actorStatus.ts';
import { count } from './format.ts';

/** Counts of actors by status as one proportional bar of buttons. Small counts keep a visible width. */
export function StatusBar({
  counts,
  onChoose,
}: {
  readonly counts: Uint32Array;
  readonly onChoose: (status: ActorStatus) => void;
}) {
  return (
    <fieldset class="status-bar" aria-label="Actors by health">
      {actorStatuses.map((status, number) => {
        const heads = counts[number] ?? 0;
        if (heads === 0) return null;
        return (
          <button
            type="button"
            key={status}
            class={`is-${status}`}
            style={{ flexGrow: heads }}
            title={`${statusProperties[status].label}: ${count(heads)}`}
            aria-label={`${count(heads)} ${statusProperties[status].label.toLowerCase()}: show only these`}
            onClick={() => onChoose(status)}
          />
        );
      })}
    </fieldset>
  );
}

/** The same bar without buttons. */
export function StatusStrip({ counts }: { readonly counts: Uint32Array }) {
  return (
    <span class="status-strip" aria-hidden="true">
      {actorStatuses.map((status, number) => {
        const heads = counts[number] ?? 0;
        return heads === 0 ? null : <i key={status} class={`is-${status}`} style={{ flexGrow: heads }} />;
      })}
    </span>
  );
}
