import type { AnyActorRef, AnyEventObject } from 'xstate';
import { clockOf, relay } from '../../xstate/machineInternals.ts';
import { joinScheduler, type OwnTimers } from '../../xstate/scheduler.ts';
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
  joinScheduler(sender, ownTimers);
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

/** Counts the ids given to timers that have none. */
let anonymous = 0;

/** The timers of compiled actors, as the scheduler of their system is to know them. */
const ownTimers: OwnTimers = {
  keeps: (actor) => ATTACHMENT in actor,
  arm: armTimer,
  cancel: cancelTimer,
  cancelAll: cancelAllTimers,
  scheduled(actor) {
    const scheduled = [];
    let timer = (actor as AttachmentHolder)[ATTACHMENT]?.timers;
    for (; timer !== undefined; timer = timer.next) {
      const { sender, target, event, delayMs, id = `anonymous.${anonymous++}` } = timer;
      scheduled.push({ source: sender, target, event, delay: delayMs, id });
    }
    // As they were armed: those that are due together fire in this order.
    return scheduled.reverse();
  },
};

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
