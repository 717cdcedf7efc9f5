import { InvalidOptionError } from '../errors.ts';
import { positiveMs } from '../rules.ts';
import type { Refusal } from './session.ts';

/**
 * Decides by load whether a client gets a slot: `undefined` admits it, and `retryAfterMs` refuses it and says when trying
 * again may help, in milliseconds.
 *
 * @param peer as {@link Supervisor.reserve} was told.
 */
export type Admit = (peer?: string) => { readonly retryAfterMs: number } | undefined;

/**
 * Asks `admit`, which is foreign code.
 *
 * @returns the refusal, or `undefined` where the client is admitted.
 * @throws whatever it throws, and {@link InvalidOptionError} for an answer that is none.
 */
export function askAdmit(admit: Admit, peer: string | undefined): Refusal | undefined {
  const answer: unknown = admit(peer);
  if (answer === undefined) return undefined;
  // Nobody waits for a promise here, and one that fails would end the process.
  if (answer instanceof Promise) answer.catch(() => {});
  const retryAfterMs = (answer as { readonly retryAfterMs?: unknown } | null)?.retryAfterMs;
  if (!positiveMs.accepts(retryAfterMs)) {
    throw new InvalidOptionError('admit()', `undefined, or { retryAfterMs } with ${positiveMs.is}`, answer);
  }
  return { reserved: false, reason: 'overload', retryAfterMs };
}
