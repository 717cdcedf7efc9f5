import { looks, problemNumbers, standingAt, standings } from '../store/actorStatus.ts';
import type { Resident } from '../store/actors.ts';
import { usePage } from '../store/page.ts';
import { bytes, count, lasting, milliseconds, share } from '../ui/format.ts';
import { keyHelp } from '../ui/keyboard.ts';
import { Fact } from '../ui/measures.tsx';
import { Glyph } from '../ui/statusIcon.tsx';
import { BarsPanel } from './barsPanel.tsx';
import { ContextTree } from './contextTree.tsx';
import { Footings } from './dependenciesPanel.tsx';
import { LatencyPanel } from './latencyPanel.tsx';
import { OperationsPanel } from './operationsPanel.tsx';
import { EventsPanel } from './sendEventPanel.tsx';
import { CountdownPanel } from './timersPanel.tsx';

/** What the middle means in figures: of everybody, or of the selected actor. */
export function SidePanel() {
  const { population, view } = usePage();
  const { selected } = view.choices;
  const resident = selected === undefined ? undefined : population.residents.find((each) => each?.actorId === selected);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer must be able to scroll it.
    <aside class="side" aria-label="Details" tabIndex={0}>
      <OperationsPanel />
      {resident === undefined ? (
        <>
          <ByHealth />
          <Losses />
          <StreamCost />
          <Keys />
        </>
      ) : (
        <Selected resident={resident} />
      )}
    </aside>
  );
}

function Selected({ resident }: { readonly resident: Resident }) {
  const { population, focus } = usePage();
  const { slot, name, kind, actorId } = resident;
  const standing = standingAt(population.standings[slot] ?? 0);
  const since = focus.detail?.context['since'];
  const changedAt = typeof since === 'number' ? since : (population.changedAt[slot] ?? 0);
  return (
    <>
      <section class="selected">
        <span class={`badge is-${standing}`}>
          <Glyph standing={standing} size={16} />
        </span>
        <div>
          <h2>{population.wordsOf(slot)}</h2>
          <p>
            {changedAt === 0
              ? 'since before this page was opened'
              : `${standing} for ${lasting(population.now - changedAt)}`}
          </p>
        </div>
      </section>
      {kind === 'supervisor' ? <Problems /> : <Why />}
      <EventsPanel />
      <Footings />
      <CountdownPanel />
      <BarsPanel slot={slot} />
      <LatencyPanel />
      <ContextTree />
      <section>
        <h2>Actor</h2>
        <dl class="facts">
          <Fact name="name" value={name} />
          <Fact name="kind" value={kind} />
          <Fact name="address" value={actorId} />
        </dl>
      </section>
    </>
  );
}

/** Why the actor stands as it does, in sentences. */
function Why() {
  const why = usePage().focus.detail?.why ?? [];
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

/** Why the whole stands as it does: who calls for a person, the worst first. */
function Problems() {
  const { population, view } = usePage();
  const residents = population.residents.filter(
    (each) => each !== undefined && each.kind !== 'supervisor',
  ) as Resident[];
  const troubled = residents
    .filter(({ slot }) => problemNumbers.has(population.standings[slot] ?? 0))
    .sort((a, b) => (population.standings[a.slot] ?? 0) - (population.standings[b.slot] ?? 0));
  if (troubled.length === 0) return null;
  return (
    <section class="problems">
      <h2>
        Why <span class="soft">{count(troubled.length)} call for attention</span>
      </h2>
      {troubled.slice(0, problemsShown).map(({ slot, name, actorId }) => {
        const standing = standingAt(population.standings[slot] ?? 0);
        return (
          <button type="button" key={actorId} onClick={() => view.choose({ selected: actorId })}>
            <Glyph standing={standing} size={10} />
            <span>{name}</span>
            <span class={`says-${standing}`}>{looks[standing].label.toLowerCase()}</span>
          </button>
        );
      })}
    </section>
  );
}

function ByHealth() {
  const { population } = usePage();
  return (
    <section>
      <h2>By health</h2>
      <table class="health-table">
        <tbody>
          {standings.map((standing, number) => {
            const heads = population.standingCount(number);
            return heads === 0 ? null : (
              <tr key={standing}>
                <th scope="row">
                  <Glyph standing={standing} size={10} />
                  {looks[standing].label}
                </th>
                <td>{count(heads)}</td>
                <td class="soft">{share(heads, population.size)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const lossWords = {
  coalesced: 'notices coalesced',
  dropped: 'notices dropped',
  stalled: 'deliveries stalled',
  deliveriesFailed: 'deliveries failed',
  refused: 'admissions refused',
  checksFailed: 'checks broken',
  verdictsDiscarded: 'checks discarded',
  actorsFailed: 'actors failed',
} as const;

/** What the program lost on purpose or by accident: nothing of it goes unseen. */
function Losses() {
  const lost = usePage().population.figures?.lost;
  if (lost === undefined) return null;
  return (
    <section>
      <h2>Since the start</h2>
      <dl class="facts">
        {(Object.keys(lossWords) as (keyof typeof lossWords)[]).map((name) => (
          <Fact key={name} name={lossWords[name]} value={count(lost[name])} />
        ))}
      </dl>
    </section>
  );
}

/** What looking costs the program, always in sight. */
function StreamCost() {
  const { figures } = usePage().population;
  return (
    <section>
      <h2>Stream</h2>
      <dl class="facts">
        <Fact name="tick cost" value={`${milliseconds(figures?.tickMs ?? 0)} ms`} />
        <Fact name="sent to this page" value={bytes(figures?.bytesSent ?? 0)} />
        <Fact name="ticks skipped" value={count(figures?.ticksSkipped ?? 0)} />
        <Fact name="secrets kept back" value={count(figures?.redactions ?? 0)} />
        <Fact name="inspector errors" value={count(figures?.failures ?? 0)} />
        <Fact name="pages open" value={count(figures?.viewers ?? 0)} />
      </dl>
    </section>
  );
}

function Keys() {
  return (
    <section class="keys">
      <h2>Keys</h2>
      <dl class="facts">
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
