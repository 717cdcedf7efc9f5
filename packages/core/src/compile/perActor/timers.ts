import type { AnyActorRef, AnyEventObject } from 'xstate';
import { clockOf, relay } from '../../xstate/machineInternals.ts';
import { ArmedTimer } from './armedTimer.ts';
import { ATTACHMENT, type Attachment, type AttachmentHolder, attachmentOf } from './attachment.ts';
import type { Timer } from './observation.ts';

/** Delivers `event` of `sender` to `target` after `delayMs`. */
export function armTimer(
  sender: AnyActorRef,
  target: AnyActorRef,
  event: AnyEventObject,
  delayMs: number,
  id: string | undefined,
): void {
  const attachment = attachmentOf(sender as AttachmentHolder);
  // As in XState, an id used again hides the older timer from every cancelling, and the older one still fires.
  if (id !== undefined) removeFirst(attachment, (timer) => timer.id === id);
  const timer = new ArmedTimer(sender, target, event, delayMs, id);
  timer.next = attachment.timers;
  attachment.timers = timer;
  timer.hostTimer = clockOf(sender).setTimeout(() => fire(timer), delayMs);
}

/** Cancels the timer of an actor that has this id, if there is one. */
export function cancelTimer(actor: AnyActorRef, id: string): void {
  const attachment = (actor as AttachmentHolder)[ATTACHMENT];
  if (attachment === undefined) return;
  const timer = removeFirst(attachment, (armed) => armed.id === id);
  if (timer !== undefined) clockOf(actor).clearTimeout(timer.hostTimer);
}

/** Cancels all timers of an actor that has ended. */
export function cancelAllTimers(actor: AnyActorRef): void {
  const attachment = (actor as AttachmentHolder)[ATTACHMENT];
  if (attachment === undefined) return;
  for (let timer = attachment.timers; timer !== undefined; timer = timer.next) {
    clockOf(actor).clearTimeout(timer.hostTimer);
  }
  attachment.timers = undefined;
}

/** The armed timers of an actor, the newest first. */
export function armedTimers(actor: AnyActorRef): readonly Timer[] {
  const armed: Timer[] = [];
  let timer = (actor as AttachmentHolder)[ATTACHMENT]?.timers;
  for (; timer !== undefined; timer = timer.next) {
    const { id, delayMs, eventType } = timer;
    armed.push({ id, delayMs, eventType });
  }
  return armed;
}

function fire(timer: ArmedTimer): void {
  const { id, sender } = timer;
  removeFirst(attachmentOf(sender as AttachmentHolder), (armed) =>
    id === undefined ? armed === timer : armed.id === id,
  );
  relay(sender, timer.target, timer.event);
}

/** Takes the first timer that matches off the list. */
function removeFirst(attachment: Attachment, matches: (timer: ArmedTimer) => boolean): ArmedTimer | undefined {
  let before: ArmedTimer | undefined;
  for (let timer = attachment.timers; timer !== undefined; timer = timer.next) {
    if (matches(timer)) {
      if (before === undefined) attachment.timers = timer.next;
      else before.next = timer.next;
      return timer;
    }
    before = timer;
  }
  return undefined;
}
