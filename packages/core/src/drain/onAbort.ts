/** Calls `abort` once when `signal` aborts, at once if it has; listens no longer than `until` is pending. */
export function onAbort(signal: AbortSignal, abort: () => void, until: Promise<unknown>): void {
  if (signal.aborted) {
    abort();
    return;
  }
  signal.addEventListener('abort', abort, { once: true });
  void until.then(() => signal.removeEventListener('abort', abort));
}
