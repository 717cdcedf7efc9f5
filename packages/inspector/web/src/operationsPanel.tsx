import type { BroadcastProgress, DrainProgress } from '../../src/operations.ts';
import { count, lasting } from './format.ts';
import { usePage } from './page.ts';

const phases = ['withdraw', 'notice', 'lag', 'goaway', 'grace', 'force', 'join'] as const;

/** What the program does that takes a while: the drain, and the latest broadcast. */
export function OperationsPanel() {
  const { population } = usePage();
  if (population.operations.length === 0) return null;
  return (
    <section class="operations" aria-label="Operations">
      <h2>Operations</h2>
      {population.operations.map((operation) =>
        operation.type === 'drain' ? (
          <Drain key="drain" drain={operation} now={population.now} />
        ) : (
          <Broadcast key="broadcast" broadcast={operation} />
        ),
      )}
    </section>
  );
}

function Drain({ drain, now }: { readonly drain: DrainProgress; readonly now: number }) {
  const { phase, total, ended, forced, startedAt, enteredAt, report } = drain;
  const reached = phase === 'ended' ? phases.length : phases.indexOf(phase);
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
      <Bar done={ended - forced} failed={forced} total={total} label="Clients that have left" />
      <ol class="phases" aria-label="Phases">
        {phases.map((each, index) => (
          <li
            key={each}
            class={index < reached ? 'is-done' : index === reached ? 'is-now' : ''}
            aria-current={index === reached ? 'step' : undefined}
          >
            {each}
          </li>
        ))}
      </ol>
      {report !== undefined && (
        <dl class="facts">
          <Fact name="outcome" value={report.reason} />
          <Fact name="left early" value={count(report.sessions.early)} />
          <Fact name="forced" value={count(report.sessions.forced)} />
          <Fact name="stragglers" value={count(report.sessions.stragglers)} />
          <Fact name="told to go" value={count(report.notifiers.told)} />
          <Fact name="unfinished" value={report.unfinished.length === 0 ? 'nothing' : report.unfinished.join(', ')} />
        </dl>
      )}
    </div>
  );
}

function Broadcast({ broadcast: { words, notifiers, lost } }: { readonly broadcast: BroadcastProgress }) {
  return (
    <div class="operation">
      <p>
        <b>Broadcast</b>
        <span class="soft operation-words">{words}</span>
        <span class="operation-count">
          to {count(notifiers)}
          {lost > 0 && <span class="says-unhealthy"> · {count(lost)} lost</span>}
        </span>
      </p>
    </div>
  );
}

type BarInput = { readonly done: number; readonly failed: number; readonly total: number; readonly label: string };

function Bar({ done, failed, total, label }: BarInput) {
  const share = (part: number) => `${total === 0 ? 100 : (part * 100) / total}%`;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done + failed}
    >
      <i style={{ width: share(done) }} />
      <i class="is-unhealthy" style={{ width: total === 0 ? '0%' : share(failed) }} />
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
