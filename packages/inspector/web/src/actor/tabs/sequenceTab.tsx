import type { JournalEntry, Participant } from '../../../../src/protocol/journalEntry.ts';
import type { ActorRow } from '../../store/actors.ts';
import { usePage } from '../../store/page.ts';
import { clockTime } from '../../ui/format.ts';

const participantsOf: Readonly<Partial<Record<ActorRow['kind'], readonly Participant[]>>> = {
  monitor: ['target', 'monitor', 'supervisor'],
  notifier: ['supervisor', 'notifier', 'client'],
  session: ['supervisor', 'session', 'client'],
  supervisor: ['monitor', 'supervisor', 'notifier', 'session', 'client'],
};

const columnWidth = 210;
const rowHeight = 30;
const top = 40;
const messagesShown = 40;

/** Sequence diagram of the events of the actor, the latest at the top. */
export function SequenceTab({ actor }: { readonly actor: ActorRow }) {
  const { selectedActor } = usePage();
  const participants = participantsOf[actor.kind] ?? [];
  const messages = selectedActor.entries.filter(
    ({ from, to }) => from !== to && participants.includes(from) && participants.includes(to),
  );
  const latest = messages.slice(-messagesShown).reverse();
  const height = top + Math.max(1, latest.length) * rowHeight + 10;
  const middle = (participant: Participant) => 96 + (participants.indexOf(participant) + 0.5) * columnWidth;
  return (
    <svg
      class="sequence"
      width={100 + participants.length * columnWidth}
      height={height}
      role="img"
      aria-label={summary(latest)}
    >
      {participants.map((participant) => (
        <g key={participant} class={participant === actor.kind ? 'participant is-own' : 'participant'}>
          <line x1={middle(participant)} x2={middle(participant)} y1={30} y2={height} />
          <rect x={middle(participant) - 62} y={6} width={124} height={24} rx={6} />
          <text x={middle(participant)} y={22}>
            {participant === actor.kind ? shortened(actor.name) : participant}
          </text>
        </g>
      ))}
      {latest.map((message, index) => (
        <Message key={message.seq} message={message} y={top + 18 + index * rowHeight} middle={middle} />
      ))}
    </svg>
  );
}

type MessageInput = {
  readonly message: JournalEntry;
  readonly y: number;
  readonly middle: (participant: Participant) => number;
};

function Message({ message: { at, type, words, from, to, isLoss }, y, middle }: MessageInput) {
  const [start, end] = [middle(from), middle(to)];
  const point = end > start ? -7 : 7;
  return (
    <g class={isLoss ? 'message is-loss' : 'message'}>
      <title>{`${type}: ${words}`}</title>
      <text class="message-time" x={8} y={y + 4}>
        {clockTime(at)}
      </text>
      <line x1={start} x2={end + point / 2} y1={y} y2={y} />
      <path d={`M${end} ${y}l${point} -4v8z`} />
      <text class="message-words" x={(start + end) / 2} y={y - 5}>
        {shortened(words === '' ? type : words, 34)}
      </text>
    </g>
  );
}

function summary(messages: readonly JournalEntry[]): string {
  const [latest] = messages;
  return latest === undefined
    ? 'No messages yet'
    : `${messages.length} messages, the latest ${latest.type}: ${latest.words}`;
}

function shortened(text: string, most = 17): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
