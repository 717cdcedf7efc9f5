import { useEffect, useRef } from 'preact/hooks';
import { triggerOf } from '../../../../src/chart/chartGraph.ts';
import type { JournalEntry } from '../../../../src/protocol/journalEntry.ts';
import type { Step } from '../../../../src/protocol/step.ts';
import { usePage } from '../../store/page.ts';
import type { VisitedState } from '../../store/visitedState.ts';
import { clockTime } from '../../ui/format.ts';

const rowsShown = 120;

type PastEvent = { readonly at: number; readonly key: string } & (
  | { readonly entry: JournalEntry }
  | { readonly step: Step }
  | { readonly visited: VisitedState; readonly before: VisitedState | undefined }
);

/** Events of the actor, the latest first: journal entries, steps, and the states they led to. */
export function EventsTab() {
  const { selectedActor } = usePage();
  const steps = selectedActor.steps.map((step): PastEvent => ({ at: step.at, key: `s${step.seq}`, step }));
  const visitedStates = selectedActor.visitedStates.slice(1).map(
    (visited, index): PastEvent => ({
      at: visited.at,
      key: `p${visited.at}`,
      visited,
      before: selectedActor.visitedStates[index],
    }),
  );
  const pastEvents: PastEvent[] = [
    ...selectedActor.entries.map((entry) => ({ at: entry.at, key: `e${entry.seq}`, entry })),
    // Steps say exactly what led from state to state; where there are none, the states themselves must do.
    ...(steps.length > 0 ? steps : visitedStates),
  ];
  const latest = pastEvents.sort((a, b) => b.at - a.at).slice(0, rowsShown);
  if (latest.length === 0) return <p class="nothing">Nothing has happened since this actor is watched.</p>;
  return (
    <table class="events">
      <thead class="unseen">
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Event</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {latest.map((pastEvent) => (
          <EventRow key={pastEvent.key} pastEvent={pastEvent} />
        ))}
      </tbody>
    </table>
  );
}

function EventRow({ pastEvent }: { readonly pastEvent: PastEvent }) {
  const { at, key } = pastEvent;
  if ('entry' in pastEvent) {
    const { type, words, isLoss } = pastEvent.entry;
    return <Row at={at} kind={isLoss ? 'is-loss' : ''} type={type} words={words} place={key} />;
  }
  if ('step' in pastEvent) {
    const { type, taken } = pastEvent.step;
    const kind = taken.length === 0 ? 'is-ignored' : 'is-visited';
    return <Row at={at} kind={kind} type={triggerOf(type)} words={stepLabel(pastEvent.step)} place={key} />;
  }
  const { before, visited } = pastEvent;
  return <Row at={at} kind="is-visited" type="state" words={`${before?.words ?? ''} › ${visited.words}`} place={key} />;
}

/** Returns the transitions of a step as text, or why there were none. */
function stepLabel({ taken, asked }: Step): string {
  const ways = taken.flatMap(({ from, to, guard }) => {
    if (to === undefined) return [];
    const way = `${from.split('.').at(-1)} › ${to.split('.').at(-1)}`;
    return [guard === undefined ? way : `${way} [${guard}]`];
  });
  if (ways.length > 0) return ways.join(' · ');
  if (taken.length > 0) return 'stays';
  const refused = new Set(asked.flatMap(([guard, passed]) => (passed ? [] : [guard])));
  return refused.size > 0 ? `ignored: ${Array.from(refused).join(', ')} said no` : 'ignored: no transition for it here';
}

type RowInput = {
  readonly at: number;
  readonly kind: string;
  readonly type: string;
  readonly words: string;
  /** Key of its moment, if it is one. */
  readonly place: string;
};

/** One line of the table; its time shows the chart as it was then. */
function Row({ at, kind, type, words, place }: RowInput) {
  const { replay } = usePage();
  const { moments, moment } = replay;
  const own = moments.findIndex(({ key }) => key === place);
  const isShown = moment !== undefined && moment.key === place;
  const line = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isShown) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isShown]);
  const isKept = moments.length > 1 && at >= (moments[0]?.at ?? at);
  return (
    <tr ref={line} class={isShown ? `${kind} is-shown` : kind} aria-current={isShown ? 'true' : undefined}>
      <td class="event-time">
        {isKept ? (
          <button
            type="button"
            title="Show the chart as it was then"
            onClick={() => (own < 0 ? replay.goToTime(at) : replay.goTo(own))}
          >
            {clockTime(at)}
          </button>
        ) : (
          clockTime(at)
        )}
      </td>
      <td class="event-type">{type}</td>
      <td class="event-words">{words}</td>
    </tr>
  );
}
