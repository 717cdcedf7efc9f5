import type { Supervisor } from '@watchkeeper/core';
import { type HttpListener, sendText } from './listener.ts';

/** The part of a supervisor that counts whom an adapter turned away. */
export type RefusalNoter = Partial<Pick<Supervisor, 'noteRefusal'>>;

/**
 * Makes a listener that nothing gets out of: what a hook of the program throws, or answers that is nothing of the kind, ends
 * one request with 500, and is counted as a refusal with the reason `hook`. What `next` throws is the program's own.
 *
 * @param by names the adapter in the refusal.
 */
export function guardListener(by: string, keeper: RefusalNoter, listener: HttpListener): HttpListener {
  return (request, response, next) => {
    let passesOn = false;
    const passOn = () => {
      passesOn = true;
    };
    try {
      const answers = listener(request, response, next === undefined ? undefined : passOn);
      if (!passesOn) return answers;
    } catch {
      keeper.noteRefusal?.({ by, reason: 'hook' });
      if (response.headersSent === true) response.destroy();
      else sendText(request, response, 500, 'Internal error');
      return true;
    }
    next?.();
    return false;
  };
}
