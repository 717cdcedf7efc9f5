import type { DeliveryPort } from './deliveryPort.ts';
import type { NotifierActor } from './notifierMachine.ts';

/** Returns the age of the oldest change that some notifier whose client reads has not told, in milliseconds. */
export function stalenessMs(notifiers: Iterable<{ readonly actor: NotifierActor }>, now: number): number {
  let oldest = now;
  for (const { actor } of notifiers) {
    const snapshot = actor.getSnapshot();
    const since = untoldSince(snapshot.context.delivery);
    if (since < oldest && !snapshot.hasTag('stalled')) oldest = since;
  }
  return now - oldest;
}

/** When the oldest change was that a client has not taken, as its notice says. */
function untoldSince({ inFlight, hasMore, firstUnread }: DeliveryPort): number {
  const underWay = inFlight?.at ?? Number.POSITIVE_INFINITY;
  return hasMore ? Math.min(underWay, firstUnread?.notice.at ?? underWay) : underWay;
}
