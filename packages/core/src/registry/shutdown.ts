import type { EventObject } from 'xstate';
import { longestMs, type Rule } from '../rules.ts';

/** Shutdown of a child: it is sent `request`, and stopped by force after `shutdownMs` milliseconds. */
export interface Shutdown {
  readonly request: EventObject;
  /** `Infinity` waits as long as it takes. */
  readonly shutdownMs: number;
}

/** What an option that is a {@link Shutdown} must be. */
export const shutdownRule: Rule<Shutdown | undefined> = {
  is: `{ request, shutdownMs }, an event and a number of milliseconds from 0 to ${longestMs} or Infinity, or left out`,
  accepts: (value): value is Shutdown | undefined => value === undefined || isShutdown(value),
};

function isShutdown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { request, shutdownMs } = value as Partial<Shutdown>;
  if (typeof request?.type !== 'string' || typeof shutdownMs !== 'number') return false;
  return shutdownMs === Number.POSITIVE_INFINITY || (shutdownMs >= 0 && shutdownMs <= longestMs);
}
