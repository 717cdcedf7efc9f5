import type { ArmedTimer } from './armedTimer.ts';
import type { ObservationSlot } from './observation.ts';

/** State of a compiled actor that is kept with the actor itself, outside of every snapshot. */
export interface Attachment {
  /** Armed timers, the newest first: a chart has a handful at a time, seldom more than one for each region. */
  timers: ArmedTimer | undefined;
  observation: ObservationSlot | undefined;
}

/** The property of an actor that holds its {@link Attachment}; unset until there is something to hold. */
export const ATTACHMENT: unique symbol = Symbol('watchkeeper.attachment');

/**
 * An actor that may have an {@link Attachment}. A lean actor may declare the property to spare a later change of shape.
 */
export interface AttachmentHolder {
  [ATTACHMENT]?: Attachment | undefined;
}

/** The attachment of an actor, made when it has none. */
export function attachmentOf(actor: AttachmentHolder): Attachment {
  actor[ATTACHMENT] ??= { timers: undefined, observation: undefined };
  return actor[ATTACHMENT];
}
