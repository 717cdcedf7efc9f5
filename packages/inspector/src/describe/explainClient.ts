import type { ActorPeek } from '@watchkeeper/core';
import type { ShownKind } from '../protocol/shownActor.ts';
import { valueAt } from '../redact/visibleContext.ts';

/** Explains the status of a notifier or a session in sentences. */
export function explainClient(kind: ShownKind, peek: ActorPeek | undefined): string[] {
  if (peek === undefined) return [];
  if (kind === 'notifier') return explainNotifier(peek);
  return kind === 'session' ? explainSession(peek) : [];
}

function explainNotifier({ value, context }: ActorPeek): string[] {
  const outbox = valueAt(context, 'outbox');
  const waiting = Array.isArray(outbox) ? outbox.length : 0;
  const sentences: string[] = [];
  if (typeof value === 'object' && value['delivering'] === 'stalled') {
    sentences.push(
      `The client takes nothing: a delivery is under way for more than ${valueAt(context, 'options.stallAfterMs')} ms.`,
      `If it lasts ${valueAt(context, 'options.evictAfterMs')} ms more, the client is evicted.`,
    );
  } else if (valueAt(context, 'delivery.inFlight') !== undefined)
    sentences.push('A notice is on its way to the client.');
  else if (value === 'idle') sentences.push('The client has been told everything.');
  if (waiting > 0)
    sentences.push(`${waiting === 1 ? 'One notice waits' : `${waiting} notices wait`}, the latest of each topic.`);
  if (valueAt(context, 'goaway') !== undefined) {
    sentences.push(
      valueAt(context, 'told') === true ? 'It was told to go.' : 'It is to be told to go; nothing displaces that.',
    );
  }
  return sentences;
}

function explainSession({ value, context }: ActorPeek): string[] {
  const sentences: string[] = [];
  const graceMs = valueAt(context, 'notice.graceMs');
  if (valueAt(context, 'peerLeaving') === true)
    sentences.push('The peer has said that it is going: send it no new work.');
  if (graceMs !== undefined) sentences.push(`It was told to go, and had ${graceMs} ms for that.`);
  if (value === 'closing') {
    sentences.push(`Its connection is being closed, which may take ${valueAt(context, 'terms.closeTimeoutMs')} ms.`);
  }
  if (valueAt(context, 'forced') === true) sentences.push('It is closed against its will.');
  return sentences.length > 0 ? sentences : ['It is open, and nobody has asked it to go.'];
}
