import type { AnyActorRef } from 'xstate';
import type { Clock } from '../clock/clock.ts';
import { hasEnded, isRunning, stop } from '../xstate/actorInternals.ts';
import type { Child } from './child.ts';
import type { Shutdown } from './shutdown.ts';

/** What ends children: the clock of their time, and who is told of one that was stopped. */
interface Endings<TChild> {
  readonly clock: Clock;
  readonly onStopped: (child: TChild) => void;
}

/**
 * Ends a child as its own `shutdown` says, else as the one `given`; without any it is stopped at once, and so is one that
 * was never started.
 *
 * @returns nothing when it has ended already, else whether it ends by itself in time.
 */
export function endChild<TChild extends Child>(
  child: TChild,
  given: Shutdown | undefined,
  { clock, onStopped }: Endings<TChild>,
): Promise<boolean> | undefined {
  const { actor, spec } = child;
  if (hasEnded(actor)) return undefined;
  const shutdown = spec.shutdown ?? given;
  if (shutdown === undefined || !isRunning(actor)) {
    stop(actor);
    onStopped(child);
    return undefined;
  }
  const { past } = child;
  past.ending ??= shutDown(actor, shutdown, clock).then((inTime) => {
    past.ending = undefined;
    if (!inTime) onStopped(child);
    return inTime;
  });
  return past.ending;
}

/** Ends one actor. Resolves to true when it ended by itself in time, to false when it was stopped by force. */
function shutDown(actor: AnyActorRef, { request, shutdownMs }: Shutdown, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const force = () => {
      subscription.unsubscribe();
      stop(actor);
      resolve(false);
    };
    const timer = shutdownMs === Number.POSITIVE_INFINITY ? undefined : clock.setTimeout(force, shutdownMs);
    const ended = () => {
      clock.clearTimeout(timer);
      resolve(true);
    };
    const subscription = actor.subscribe({ complete: ended, error: ended });
    actor.send(request);
  });
}
