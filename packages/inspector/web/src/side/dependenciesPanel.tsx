import type { Footing } from '../../../src/protocol/actorDetail.ts';
import { looks, type Standing, standings } from '../store/actorStatus.ts';
import { usePage } from '../store/page.ts';
import { Glyph } from '../ui/statusIcon.tsx';

/** The monitors that the selected one rests on, what is at the bottom of its trouble first. */
export function Footings() {
  const { focus } = usePage();
  const restsOn = focus.detail?.restsOn ?? [];
  if (restsOn.length === 0) return null;
  return (
    <section class="problems">
      <h2>
        Rests on <span class="soft">{restsOn.length}</span>
      </h2>
      {restsOn.map((footing) => (
        <FootingLine key={footing.id} footing={footing} />
      ))}
    </section>
  );
}

function FootingLine({ footing: { id, role, health } }: { readonly footing: Footing }) {
  const { population, view } = usePage();
  const resident = population.residents.find((each) => each?.kind === 'monitor' && each.name === id);
  const standing: Standing = standings.find((each) => each === health) ?? 'stopped';
  return (
    <button
      type="button"
      disabled={resident === undefined}
      onClick={() => resident !== undefined && view.choose({ selected: resident.actorId })}
    >
      <Glyph standing={standing} size={10} />
      <span>
        {id} <span class="soft">{role}</span>
      </span>
      <span class={`says-${standing}`}>{looks[standing].label.toLowerCase()}</span>
    </button>
  );
}
