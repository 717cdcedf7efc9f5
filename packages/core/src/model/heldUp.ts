/** What each check that cannot proceed waits for. */
const reasons = new WeakMap<AbortSignal, string>();

/**
 * Says that a check waits for what other checks hold, a thread of the resolver for one: if its time is up before it gets
 * that, nothing was asked, and the check is discarded as undecided.
 *
 * @param signal the signal that the probe was called with.
 * @param reason what it waits for, in words; `undefined` once it waits no longer.
 */
export function noteHeldUp(signal: AbortSignal, reason: string | undefined): void {
  if (reason === undefined) reasons.delete(signal);
  else reasons.set(signal, reason);
}

/** Returns what the check of `signal` waits for; `undefined` where nothing holds it up. */
export function heldUpBy(signal: AbortSignal): string | undefined {
  return reasons.get(signal);
}
