import type { AnyActorRef } from 'xstate';
import { ATTACHMENT, type AttachmentHolder, attachmentOf } from './attachment.ts';
import { ObservationSlot, type TransitionObserver } from './observation.ts';

/**
 * Watches a compiled actor: every event sets its dirty bit, and `observer`, if given, is called with full detail.
 *
 * An actor has one slot; a second call replaces the observer and returns the same slot.
 */
export function watchTransitions(actor: AnyActorRef, observer?: TransitionObserver): ObservationSlot {
  const attachment = attachmentOf(actor as AttachmentHolder);
  attachment.observation ??= new ObservationSlot(undefined);
  attachment.observation.observer = observer;
  return attachment.observation;
}

/** Ends the watching of an actor: its events cost nothing again. */
export function unwatchTransitions(actor: AnyActorRef): void {
  const attachment = (actor as AttachmentHolder)[ATTACHMENT];
  if (attachment !== undefined) attachment.observation = undefined;
}

/**
 * Watches a compiled actor with full detail.
 *
 * @returns a function that ends the watching, unless another observer has taken the place of this one.
 */
export function watchUntil(actor: AnyActorRef, observer: TransitionObserver): () => void {
  const slot = watchTransitions(actor, observer);
  return () => {
    if (slot.observer === observer) unwatchTransitions(actor);
  };
}
