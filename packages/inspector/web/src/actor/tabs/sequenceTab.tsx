import type { JournalEntry, Party } from '../../../../src/protocol/journalEntry.ts';
import type { Resident } from '../../store/actors.ts';
import { usePage } from '../../store/page.ts';
import { clockTime } from '../../ui/format.ts';

const lanesOf: Readonly<Partial<Record<Resident['kind'], readonly Party[]>>> = {
  monitor: ['target', 'monitor', 'supervisor'],
  notifier: ['supervisor', 'notifier', 'client'],
  session: ['supervisor', 'session', 'client'],
  supervisor: ['monitor', 'supervisor', 'notifier', 'session', 'client'],
};

const laneWidth = 210;
const rowHeight = 30;
const top = 40;
const messagesShown = 40;

/** Who told whom what, the latest at the top. */
export function SequenceTab({ resident }: { readonly resident: Resident }) {
  const { focus } = usePage();
  const lanes = lanesOf[resident.kind] ?? [];
  const messages = focus.entries.filter(({ from, to }) => from !== to && lanes.includes(from) && lanes.includes(to));
  const latest = messages.slice(-messagesShown).reverse();
  const height = top + Math.max(1, latest.length) * rowHeight + 10;
  const middle = (party: Party) => 96 + (lanes.indexOf(party) + 0.5) * laneWidth;
  return (
    <svg
      class="sequence"
      width={100 + lanes.length * laneWidth}
      height={height}
      role="img"
      aria-label={summary(latest)}
    >
      {lanes.map((lane) => (
        <g key={lane} class={lane === resident.kind ? 'lane is-own' : 'lane'}>
          <line x1={middle(lane)} x2={middle(lane)} y1={30} y2={height} />
          <rect x={middle(lane) - 62} y={6} width={124} height={24} rx={6} />
          <text x={middle(lane)} y={22}>
            {lane === resident.kind ? shortened(resident.name) : lane}
          </text>
        </g>
      ))}
      {latest.map((message, index) => (
        <Message key={message.seq} message={message} y={top + 18 + index * rowHeight} middle={middle} />
      ))}
    </svg>
  );
}

type MessageInput = { readonly message: JournalEntry; readonly y: number; readonly middle: (party: Party) => number };

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
