import type { EventEmitter } from 'node:events';

/**
 * Adds `listener` before all others, but only once another listener is there: for some events of a server the mere
 * presence of a listener means that it takes the connection over.
 *
 * @returns a function that removes the listener.
 */
export function listenOnceTaken(
  emitter: EventEmitter,
  event: string,
  listener: (...args: never[]) => void,
): () => void {
  const ours = listener as (...args: unknown[]) => void;
  const join = (name: string | symbol, added: unknown) => {
    if (name !== event || added === ours) return;
    emitter.off('newListener', join);
    emitter.prependListener(event, ours);
  };
  if (emitter.listenerCount(event) > 0) emitter.prependListener(event, ours);
  else emitter.on('newListener', join);
  return () => {
    emitter.off('newListener', join);
    emitter.off(event, ours);
  };
}

/** Adds `listener` before all others. @returns a function that removes it. */
export function listenFirst(emitter: EventEmitter, event: string, listener: (...args: never[]) => void): () => void {
  const ours = listener as (...args: unknown[]) => void;
  emitter.prependListener(event, ours);
  return () => {
    emitter.off(event, ours);
  };
}
