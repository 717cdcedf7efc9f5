import type { JournalEntry } from '../../src/journalEntry.ts';
import type { Passage } from './focus.ts';
import { clockTime } from './format.ts';
import { usePage } from './page.ts';

const rowsShown = 120;

type Happening = {
  readonly at: number;
  readonly key: string;
  readonly entry?: JournalEntry;
  readonly passage?: Passage;
  readonly before?: Passage;
};

/** Everything that happened, the latest first: what was said, and which state it led to. */
export function EventsTab() {
  const { focus } = usePage();
  const happenings: Happening[] = [
    ...focus.entries.map((entry) => ({ at: entry.at, key: `e${entry.seq}`, entry })),
    ...focus.passages.slice(1).map((passage, index) => ({
      at: passage.at,
      key: `p${passage.at}${passage.words}`,
      passage,
      ...(focus.passages[index] === undefined ? {} : { before: focus.passages[index] }),
    })),
  ];
  const latest = happenings.sort((a, b) => b.at - a.at).slice(0, rowsShown);
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
        {latest.map(({ key, at, entry, passage, before }) => (
          <tr key={key} class={entry?.isLoss ? 'is-loss' : passage === undefined ? '' : 'is-passage'}>
            <td class="event-time">{clockTime(at)}</td>
            <td class="event-type">{entry?.type ?? 'state'}</td>
            <td class="event-words">
              {entry?.words ?? (
                <>
                  {before?.words} <span class="soft">›</span> <b>{passage?.words}</b>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
