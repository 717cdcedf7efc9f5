import type { AnyActorRef, EventObject } from 'xstate';
import type { Clock } from '../clock/clock.ts';
import { stop } from '../xstate/actorInternals.ts';

/** Shutdown of a child: it is sent `request`, and stopped by force after `shutdownMs` milliseconds. */
export interface Shutdown {
  readonly request: EventObject;
  readonly shutdownMs: number;
}

/** Ends one actor. Resolves to true when it ended by itself in time, to false when it was stopped by force. */
export function shutDown(actor: AnyActorRef, { request, shutdownMs }: Shutdown, clock: Clock): Promise<boolean> {
  if (actor.getSnapshot().status !== 'active') return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = clock.setTimeout(() => {
      subscription.unsubscribe();
      stop(actor);
      resolve(false);
    }, shutdownMs);
    const ended = () => {
      clock.clearTimeout(timer);
      resolve(true);
    };
    const subscription = actor.subscribe({ complete: ended, error: ended });
    actor.send(request);
  });
}
