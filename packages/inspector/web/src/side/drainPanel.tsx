import type { DrainPhase } from '@watchkeeper/core';
import type { DrainProgress } from '../../../src/protocol/operation.ts';
import type { ActorRow } from '../store/actors.ts';
import { usePage } from '../store/page.ts';
import { count, lasting } from '../ui/format.ts';
import { ProgressBar } from '../ui/progressBar.tsx';
import { Property } from '../ui/property.tsx';

/** Progress of a drain, what it waits for and until when, and then its report. */
export function DrainPanel({ drain }: { readonly drain: DrainProgress }) {
  const { now } = usePage().actors;
  const { phase, total, ended, forced, startedAt, enteredAt, report } = drain;
  return (
    <div class="operation">
      <p>
        <b>{phase === 'ended' ? 'Drained' : 'Draining'}</b>
        <span class="soft">
          {phase === 'ended' ? lasting(enteredAt - startedAt) : `${phase}, ${lasting(now - enteredAt)}`}
        </span>
        <span class="operation-count">
          {count(ended)}/{count(total)}
          {forced > 0 && <span class="says-unhealthy"> · {count(forced)} forced</span>}
        </span>
      </p>
      <ProgressBar done={ended - forced} failed={forced} total={total} label="Clients that have left" />
      <ForceCountdown drain={drain} now={now} />
      <Phases drain={drain} now={now} />
      {phase !== 'ended' && <WhoIsLeft />}
      {report !== undefined && (
        <dl class="properties">
          <Property name="outcome" value={report.reason} />
          <Property name="left early" value={count(report.sessions.early)} />
          <Property name="forced" value={count(report.sessions.forced)} />
          <Property name="stragglers" value={count(report.sessions.stragglers)} />
          <Property name="told to go" value={count(report.notifiers.told)} />
          <Property
            name="unfinished"
            value={report.unfinished.length === 0 ? 'nothing' : report.unfinished.join(', ')}
          />
        </dl>
      )}
    </div>
  );
}

type DrainInput = { readonly drain: DrainProgress; readonly now: number };

const afterForce: ReadonlySet<string> = new Set(['force', 'join', 'ended']);

/** Time until the remaining clients are forced: by the end of the grace, at the latest by the deadline. */
function ForceCountdown({ drain: { phase, startedAt, enteredAt, phaseEndsAt, forceAt }, now }: DrainInput) {
  if (forceAt === undefined || afterForce.has(phase)) return null;
  const graceEnds = phase === 'grace' ? (phaseEndsAt ?? forceAt) : forceAt;
  const at = Math.min(graceEnds, forceAt);
  const from = phase === 'grace' ? enteredAt : startedAt;
  const leftMs = Math.max(0, at - now);
  return (
    <>
      <div class="countdown">
        <span>
          force <span class="soft">{at === forceAt ? 'by the deadline' : 'when the grace ends'}</span>
        </span>
        <b>{leftMs === 0 ? 'now' : `${(leftMs / 1_000).toFixed(1)} s`}</b>
      </div>
      <ProgressBar done={Math.min(at, now) - from} failed={0} total={at - from} label="Time until force" />
    </>
  );
}

/** The phases of a drain, in their order. */
const drainPhases: readonly DrainPhase[] = ['withdraw', 'notice', 'lag', 'goaway', 'grace', 'force', 'join'];

/** The phases in their order, each with how long it took. */
function Phases({ drain: { phase, phases, enteredAt }, now }: DrainInput) {
  const endOf = (index: number) => phases[index + 1]?.[1] ?? (phase === 'ended' ? enteredAt : now);
  const tookMs = new Map<DrainPhase, number>(phases.map(([each, at], index) => [each, endOf(index) - at]));
  return (
    <ol class="phases" aria-label="Phases">
      {drainPhases.map((each) => {
        const took = tookMs.get(each);
        const isNow = each === phase;
        return (
          <li
            key={each}
            class={isNow ? 'is-now' : took === undefined ? '' : 'is-done'}
            aria-current={isNow ? 'step' : undefined}
          >
            {each}
            {took !== undefined && took >= 100 && <span class="phase-took"> {(took / 1_000).toFixed(1)} s</span>}
          </li>
        );
      })}
    </ol>
  );
}

const namesShown = 6;

/** The clients that the drain waits for. */
function WhoIsLeft() {
  const { actors, view } = usePage();
  const left = actors.rows.filter((each): each is ActorRow => each?.kind === 'session' || each?.kind === 'notifier');
  if (left.length === 0) return null;
  return (
    <fieldset class="problems" aria-label="Still here">
      {left.slice(0, namesShown).map(({ actorId, kind, name, slot }) => (
        <button type="button" key={actorId} onClick={() => view.choose({ selected: actorId })}>
          <span>
            {name} <span class="soft">{kind}</span>
          </span>
          <span class="soft">{actors.stateLabelOf(slot, 2)}</span>
        </button>
      ))}
      {left.length > namesShown && <p class="soft">and {count(left.length - namesShown)} more</p>}
    </fieldset>
  );
}
