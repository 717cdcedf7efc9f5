import { actorStatuses, problemStatuses, statusAt, statusProperties } from '../store/actorStatus.ts';
import type { ActorRow } from '../store/actors.ts';
import { usePage } from '../store/page.ts';
import { bytes, count, lasting, milliseconds, share } from '../ui/format.ts';
import { keyHelp } from '../ui/keyboard.ts';
import { Property } from '../ui/property.tsx';
import { StatusIcon } from '../ui/statusIcon.tsx';
import { BarsPanel } from './barsPanel.tsx';
import { ContextTree } from './contextTree.tsx';
import { DependenciesPanel } from './dependenciesPanel.tsx';
import { LatencyPanel } from './latencyPanel.tsx';
import { OperationsPanel } from './operationsPanel.tsx';
import { SendEventPanel } from './sendEventPanel.tsx';
import { TimersPanel } from './timersPanel.tsx';

/** Right side of the page: figures of the program, or details of the selected actor. */
export function SidePanel() {
  const { actors, view } = usePage();
  const { selected } = view.choices;
  const actor = selected === undefined ? undefined : actors.rows.find((each) => each?.actorId === selected);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer must be able to scroll it.
    <aside class="side" aria-label="Details" tabIndex={0}>
      <OperationsPanel />
      {actor === undefined ? (
        <>
          <ByHealth />
          <Losses />
          <StreamCost />
          <Keys />
        </>
      ) : (
        <Selected actor={actor} />
      )}
    </aside>
  );
}

function Selected({ actor }: { readonly actor: ActorRow }) {
  const { actors, selectedActor } = usePage();
  const { slot, name, kind, actorId } = actor;
  const status = statusAt(actors.statuses[slot] ?? 0);
  const since = selectedActor.detail?.context['since'];
  const changedAt = typeof since === 'number' ? since : (actors.changedAt[slot] ?? 0);
  return (
    <>
      <section class="selected">
        <span class={`badge is-${status}`}>
          <StatusIcon status={status} size={16} />
        </span>
        <div>
          <h2>{actors.stateLabelOf(slot)}</h2>
          <p>
            {changedAt === 0 ? 'since before this page was opened' : `${status} for ${lasting(actors.now - changedAt)}`}
          </p>
        </div>
      </section>
      {kind === 'supervisor' ? <Problems /> : <Why />}
      <SendEventPanel />
      <DependenciesPanel />
      <TimersPanel />
      <BarsPanel slot={slot} />
      <LatencyPanel />
      <ContextTree />
      <section>
        <h2>Actor</h2>
        <dl class="properties">
          <Property name="name" value={name} />
          <Property name="kind" value={kind} />
          <Property name="address" value={actorId} />
        </dl>
      </section>
    </>
  );
}

/** Explanation of the status of the selected actor. */
function Why() {
  const why = usePage().selectedActor.detail?.why ?? [];
  if (why.length === 0) return null;
  return (
    <section class="why">
      <h2>Why</h2>
      {why.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </section>
  );
}

const problemsShown = 8;

/** Actors with problems, the worst first. */
function Problems() {
  const { actors, view } = usePage();
  const rows = actors.rows.filter((each) => each !== undefined && each.kind !== 'supervisor') as ActorRow[];
  const troubled = rows
    .filter(({ slot }) => problemStatuses.has(actors.statuses[slot] ?? 0))
    .sort((a, b) => (actors.statuses[a.slot] ?? 0) - (actors.statuses[b.slot] ?? 0));
  if (troubled.length === 0) return null;
  return (
    <section class="problems">
      <h2>
        Why <span class="soft">{count(troubled.length)} call for attention</span>
      </h2>
      {troubled.slice(0, problemsShown).map(({ slot, name, actorId }) => {
        const status = statusAt(actors.statuses[slot] ?? 0);
        return (
          <button type="button" key={actorId} onClick={() => view.choose({ selected: actorId })}>
            <StatusIcon status={status} size={10} />
            <span>{name}</span>
            <span class={`says-${status}`}>{statusProperties[status].label.toLowerCase()}</span>
          </button>
        );
      })}
    </section>
  );
}

function ByHealth() {
  const { actors } = usePage();
  return (
    <section>
      <h2>By health</h2>
      <table class="health-table">
        <tbody>
          {actorStatuses.map((status, number) => {
            const heads = actors.statusCount(number);
            return heads === 0 ? null : (
              <tr key={status}>
                <th scope="row">
                  <StatusIcon status={status} size={10} />
                  {statusProperties[status].label}
                </th>
                <td>{count(heads)}</td>
                <td class="soft">{share(heads, actors.size)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const lossLabels = {
  coalesced: 'notices coalesced',
  dropped: 'notices dropped',
  stalled: 'deliveries stalled',
  deliveriesFailed: 'deliveries failed',
  refused: 'admissions refused',
  admitsFailed: 'admissions not decided',
  checksFailed: 'checks broken',
  verdictsDiscarded: 'checks discarded',
  actorsFailed: 'actors failed',
  lawsViolated: 'laws violated',
} as const;

/** Losses of the program since the start. */
function Losses() {
  const lost = usePage().actors.figures?.lost;
  if (lost === undefined) return null;
  return (
    <section>
      <h2>Since the start</h2>
      <dl class="properties">
        {(Object.keys(lossLabels) as (keyof typeof lossLabels)[]).map((name) => (
          <Property key={name} name={lossLabels[name]} value={count(lost[name])} />
        ))}
      </dl>
    </section>
  );
}

/** Cost of the inspector. */
function StreamCost() {
  const { figures } = usePage().actors;
  return (
    <section>
      <h2>Stream</h2>
      <dl class="properties">
        <Property name="tick cost" value={`${milliseconds(figures?.tickMs ?? 0)} ms`} />
        <Property name="sent to this page" value={bytes(figures?.bytesSent ?? 0)} />
        <Property name="ticks skipped" value={count(figures?.ticksSkipped ?? 0)} />
        <Property name="secrets kept back" value={count(figures?.redactions ?? 0)} />
        <Property name="inspector errors" value={count(figures?.failures ?? 0)} />
        <Property name="pages open" value={count(figures?.viewers ?? 0)} />
      </dl>
    </section>
  );
}

function Keys() {
  return (
    <section class="keys">
      <h2>Keys</h2>
      <dl class="properties">
        {keyHelp.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
