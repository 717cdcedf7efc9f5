import type { ActorPeek } from '@watchkeeper/core';
import type { ShownKind } from '../protocol/shownActor.ts';
import { at } from '../redact/visibleContext.ts';

/** Why a notifier or a session stands as it does, as sentences. */
export function clientWords(kind: ShownKind, peek: ActorPeek | undefined): string[] {
  if (peek === undefined) return [];
  if (kind === 'notifier') return notifierWords(peek);
  return kind === 'session' ? sessionWords(peek) : [];
}

function notifierWords({ value, context }: ActorPeek): string[] {
  const outbox = at(context, 'outbox');
  const waiting = Array.isArray(outbox) ? outbox.length : 0;
  const words: string[] = [];
  if (typeof value === 'object' && value['delivering'] === 'stalled') {
    words.push(
      `The client takes nothing: a delivery is under way for more than ${at(context, 'options.stallAfterMs')} ms.`,
      `If it lasts ${at(context, 'options.evictAfterMs')} ms more, the client is evicted.`,
    );
  } else if (at(context, 'courier.carried') !== undefined) words.push('A notice is on its way to the client.');
  else if (value === 'idle') words.push('The client has been told everything.');
  if (waiting > 0)
    words.push(`${waiting === 1 ? 'One notice waits' : `${waiting} notices wait`}, the latest of each topic.`);
  if (at(context, 'goaway') !== undefined) {
    words.push(at(context, 'told') === true ? 'It was told to go.' : 'It is to be told to go; nothing displaces that.');
  }
  return words;
}

function sessionWords({ value, context }: ActorPeek): string[] {
  const words: string[] = [];
  const graceMs = at(context, 'notice.graceMs');
  if (at(context, 'peerLeaving') === true) words.push('The peer has said that it is going: send it no new work.');
  if (graceMs !== undefined) words.push(`It was told to go, and had ${graceMs} ms for that.`);
  if (value === 'closing') {
    words.push(`Its connection is being closed, which may take ${at(context, 'terms.closeTimeoutMs')} ms.`);
  }
  if (at(context, 'forced') === true) words.push('It is closed against its will.');
  return words.length > 0 ? words : ['It is open, and nobody has asked it to go.'];
}
