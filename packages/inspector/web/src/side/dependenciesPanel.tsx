import type { Dependency } from '../../../src/protocol/actorDetail.ts';
import { type ActorStatus, actorStatuses, statusProperties } from '../store/actorStatus.ts';
import { usePage } from '../store/page.ts';
import { StatusIcon } from '../ui/statusIcon.tsx';

/** Monitors that the selected one depends on, the root cause first. */
export function DependenciesPanel() {
  const { selectedActor } = usePage();
  const dependencies = selectedActor.detail?.dependencies ?? [];
  if (dependencies.length === 0) return null;
  return (
    <section class="problems">
      <h2>
        Depends on <span class="soft">{dependencies.length}</span>
      </h2>
      {dependencies.map((dependency) => (
        <DependencyLine key={dependency.id} dependency={dependency} />
      ))}
    </section>
  );
}

function DependencyLine({ dependency: { id, role, health } }: { readonly dependency: Dependency }) {
  const { actors, view } = usePage();
  const actor = actors.rows.find((each) => each?.kind === 'monitor' && each.name === id);
  const status: ActorStatus = actorStatuses.find((each) => each === health) ?? 'stopped';
  return (
    <button
      type="button"
      disabled={actor === undefined}
      onClick={() => actor !== undefined && view.choose({ selected: actor.actorId })}
    >
      <StatusIcon status={status} size={10} />
      <span>
        {id} <span class="soft">{role}</span>
      </span>
      <span class={`says-${status}`}>{statusProperties[status].label.toLowerCase()}</span>
    </button>
  );
}
