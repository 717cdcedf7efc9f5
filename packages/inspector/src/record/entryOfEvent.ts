import type { ActorKind, AlertHold, Notice, SupervisorEvent } from '@watchkeeper/core';
import type { JournalEntry, Participant } from '../protocol/journalEntry.ts';
import type { Redactor } from '../redact/redact.ts';

/** Returns the actor whose journal an event belongs to. */
export function ownerOf(event: SupervisorEvent): { readonly kind: ActorKind | 'supervisor'; readonly id: string } {
  if ('kind' in event) return { kind: event.kind, id: event.id };
  if (!('id' in event)) return { kind: 'supervisor', id: '' };
  return { kind: kindOf(event.type), id: event.id };
}

function kindOf(type: SupervisorEvent['type']): ActorKind {
  if (type.startsWith('notice.') || type.startsWith('delivery.')) return 'notifier';
  return type === 'goaway.failed' || type === 'close.failed' ? 'session' : 'monitor';
}

/** Returns the journal entry of one event. */
export function entryOf(event: SupervisorEvent, seq: number, redactor: Redactor): JournalEntry {
  const { type, at } = event;
  const [from, to] = participantsOf(event);
  const latencyMs = type === 'verdict.judged' ? event.verdict.latencyMs : undefined;
  return {
    seq,
    at,
    type,
    words: isPlain(event) ? summaryOf(event) : redactor.text(summaryOf(event)),
    from,
    to,
    isLoss: losses.has(type),
    ...(latencyMs === undefined ? {} : { latencyMs }),
  };
}

/** Whether an event carries no text of the program. Looking for secrets in all of them would cost most of all. */
function isPlain(event: SupervisorEvent): boolean {
  return event.type === 'verdict.judged' && event.verdict.detail === undefined;
}

const losses: ReadonlySet<SupervisorEvent['type']> = new Set([
  'notice.dropped',
  'delivery.failed',
  'delivery.stalled',
  'goaway.failed',
  'close.failed',
  'check.failed',
  'verdict.discarded',
  'actor.failed',
  'admission.refused',
  'withdraw.failed',
]);

function participantsOf(event: SupervisorEvent): readonly [Participant, Participant] {
  const { type } = event;
  if (type.startsWith('verdict.') || type === 'check.failed') return ['target', 'monitor'];
  const { kind } = ownerOf(event);
  if (type === 'actor.started') return ['supervisor', event.kind];
  if (type === 'admission.refused') return ['supervisor', 'client'];
  if (type === 'notice.broadcast' || type === 'notice.converged') return ['supervisor', 'notifier'];
  if (type.startsWith('delivery.') || type === 'goaway.failed' || type === 'close.failed') return [kind, 'client'];
  return [kind, 'supervisor'];
}

function summaryOf(event: SupervisorEvent): string {
  switch (event.type) {
    case 'verdict.judged': {
      const { status, latencyMs, detail } = event.verdict;
      return joined(status, latencyMs === undefined ? undefined : `${latencyMs.toFixed(1)} ms`, detail);
    }
    case 'verdict.discarded':
      return event.reason === 'stall'
        ? `a timeout noticed ${event.lateMs} ms late: this program stood still`
        : joined(event.reason, event.detail);
    case 'check.failed':
      return joined(`${event.errors} in a row`, causeOf(event.cause));
    case 'health.changed':
      return joined(`${event.from} › ${event.to}`, event.detail);
    case 'monitor.updated':
      return `registration ${event.epoch}`;
    case 'monitor.resumed':
    case 'monitor.expired':
      return `known ${event.ageMs} ms ago`;
    case 'alert.raised':
      return joined(`after ${failuresOf(event)}`, event.detail);
    case 'alert.held':
      return joined(`after ${failuresOf(event)}, because of ${holderOf(event)}`, event.detail);
    case 'flapping.began':
    case 'flapping.ended':
      return `penalty ${event.penalty.toFixed(2)}`;
    case 'dependency.lost':
      return `because of ${event.rootCause}`;
    case 'notice.coalesced':
      return `a newer notice of ${topicOf(event.topic)} replaced an unread one`;
    case 'notice.dropped':
      return `${noticeLabel(event.notice)}: ${event.reason}`;
    case 'delivery.stalled':
      return `no end after ${event.waitedMs} ms`;
    case 'delivery.failed':
    case 'goaway.failed':
    case 'close.failed':
    case 'actor.failed':
    case 'withdraw.failed':
      return causeOf(event.cause);
    case 'actor.started':
      return event.kind;
    case 'actor.ended':
      return event.reason;
    case 'notice.broadcast':
      return `${noticeLabel(event.notice)} to ${event.notifiers} notifiers`;
    case 'notice.converged':
      return `${topicOf(event.topic)}: ${event.told} of ${event.notifiers} told after ${event.tookMs} ms`;
    case 'admission.refused':
      return `${event.reason}, try again in ${event.retryAfterMs} ms`;
    case 'drain.entered':
      return event.phase;
    case 'drain.ended':
      return `${event.report.reason} in ${Math.round(event.report.durationMs)} ms`;
    default:
      return '';
  }
}

function noticeLabel(notice: Notice): string {
  return notice.type === 'health' ? `${topicOf(notice.topic)} ${notice.health}` : 'goaway';
}

const failuresOf = ({ failures }: { readonly failures: number }): string =>
  failures === 1 ? 'one failure' : `${failures} failures`;

const holderOf = (hold: AlertHold): string => (hold.reason === 'dependency' ? hold.rootCause : hold.reason);

const topicOf = (topic: string): string => (topic === '' ? 'the whole' : topic);

const joined = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(' · ');

function causeOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
