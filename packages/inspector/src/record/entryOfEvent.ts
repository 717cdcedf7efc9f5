import type { ActorKind, SupervisorEvent } from '@watchkeeper/core';
import { isLoss, summaryOf } from '@watchkeeper/core/events';
import type { JournalEntry, Participant } from '../protocol/journalEntry.ts';
import type { Redactor } from '../redact/redact.ts';

/** Returns the actor whose journal an event belongs to. */
export function ownerOf(event: SupervisorEvent): { readonly kind: ActorKind | 'supervisor'; readonly id: string } {
  if ('kind' in event && event.kind !== undefined) return { kind: event.kind, id: event.id };
  if (!('id' in event)) return { kind: 'supervisor', id: '' };
  return { kind: kindOf(event.type), id: event.id };
}

function kindOf(type: SupervisorEvent['type']): ActorKind {
  if (type.startsWith('notice.') || type.startsWith('delivery.')) return 'notifier';
  if (type.startsWith('service.') || type === 'run.ended') return 'service';
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
    isLoss: isLoss(event),
    ...(latencyMs === undefined ? {} : { latencyMs }),
  };
}

/** Whether an event carries no text of the program. Looking for secrets in all of them would cost most of all. */
function isPlain(event: SupervisorEvent): boolean {
  return event.type === 'verdict.judged' && event.verdict.detail === undefined;
}

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
