import type { ActorView, NotifierDescription, SessionDescription } from '@watchkeeper/core';

/** Explains the status of a notifier in sentences. */
export function explainNotifier(value: ActorView['value'], notifier: NotifierDescription): string[] {
  const { delivering, waiting, goaway, told, stallAfterMs, evictAfterMs } = notifier;
  const sentences: string[] = [];
  if (typeof value === 'object' && value['reading'] === 'stalled') {
    sentences.push(
      `The client takes nothing: a delivery is under way for more than ${stallAfterMs} ms.`,
      `If it lasts ${evictAfterMs} ms more, the client is evicted.`,
    );
  } else if (delivering !== undefined) sentences.push('A notice is on its way to the client.');
  else if (waiting === 0 && goaway === undefined) sentences.push('The client has been told everything.');
  if (waiting > 0) {
    const notices = waiting === 1 ? 'One notice waits' : `${waiting} notices wait`;
    sentences.push(`${notices}, the latest of each topic.`);
  }
  if (goaway !== undefined) {
    sentences.push(told ? 'It was told to go.' : 'It is to be told to go; nothing displaces that.');
  }
  return sentences;
}

/** Explains the status of a session in sentences. */
export function explainSession(value: ActorView['value'], session: SessionDescription): string[] {
  const { peerLeaving, goaway, forced, closeTimeoutMs } = session;
  const sentences: string[] = [];
  if (peerLeaving) sentences.push('The peer has said that it is going: send it no new work.');
  if (goaway !== undefined) sentences.push(`It was told to go, and had ${goaway.graceMs} ms for that.`);
  if (value === 'closing') {
    sentences.push(`Its connection is being closed, which may take ${closeTimeoutMs} ms.`);
  }
  if (forced) sentences.push('It is closed against its will.');
  return sentences.length > 0 ? sentences : ['It is open, and nobody has asked it to go.'];
}
