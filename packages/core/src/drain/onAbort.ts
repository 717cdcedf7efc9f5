/**
 * Calls `abort` once when `signal` aborts, and listens no longer than `until` is pending.
 *
 * @returns whether it has aborted already; `abort` is not called then.
 * @throws what a signal throws that is none.
 */
export function onAbort(signal: AbortSignal, abort: () => void, until: Promise<unknown>): boolean {
  if (signal.aborted) return true;
  signal.addEventListener('abort', abort, { once: true });
  void until.then(() => signal.removeEventListener('abort', abort)).catch(() => {});
  return false;
}
