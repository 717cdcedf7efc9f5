import type { EventEmitter } from 'node:events';

/**
 * Hears `event` before others do, but only once somebody else listens: to some events of a server the mere presence of
 * a listener means that it takes the connection over.
 */
export function listenBeside(emitter: EventEmitter, event: string, listener: (...args: never[]) => void): () => void {
  const beside = listener as (...args: unknown[]) => void;
  const join = (name: string | symbol, added: unknown) => {
    if (name !== event || added === beside) return;
    emitter.off('newListener', join);
    emitter.prependListener(event, beside);
  };
  if (emitter.listenerCount(event) > 0) emitter.prependListener(event, beside);
  else emitter.on('newListener', join);
  return () => {
    emitter.off('newListener', join);
    emitter.off(event, beside);
  };
}

/** Hears `event` before others do; answers how to stop. */
export function listenFirst(emitter: EventEmitter, event: string, listener: (...args: never[]) => void): () => void {
  const first = listener as (...args: unknown[]) => void;
  emitter.prependListener(event, first);
  return () => {
    emitter.off(event, first);
  };
}
