import { looks, type Standing, standings } from '../store/actorStatus.ts';
import { count } from './format.ts';

/** How many stand how, as one proportional strip. A few among many still get a visible piece. */
export function StandingBar({
  counts,
  onChoose,
}: {
  readonly counts: Uint32Array;
  readonly onChoose: (standing: Standing) => void;
}) {
  return (
    <fieldset class="standing-bar" aria-label="Actors by health">
      {standings.map((standing, number) => {
        const heads = counts[number] ?? 0;
        if (heads === 0) return null;
        return (
          <button
            type="button"
            key={standing}
            class={`is-${standing}`}
            style={{ flexGrow: heads }}
            title={`${looks[standing].label}: ${count(heads)}`}
            aria-label={`${count(heads)} ${looks[standing].label.toLowerCase()}: show only these`}
            onClick={() => onChoose(standing)}
          />
        );
      })}
    </fieldset>
  );
}

/** The same strip, only to look at. */
export function StandingStrip({ counts }: { readonly counts: Uint32Array }) {
  return (
    <span class="standing-strip" aria-hidden="true">
      {standings.map((standing, number) => {
        const heads = counts[number] ?? 0;
        return heads === 0 ? null : <i key={standing} class={`is-${standing}`} style={{ flexGrow: heads }} />;
      })}
    </span>
  );
}
