declare const setImmediate: ((callback: () => void) => unknown) | undefined;

/**
 * Waits until the promise continuations that are already under way have run, however long their chains; moves no clock.
 *
 * Work that waits for the outside (sockets, files, host timers) is not waited for.
 */
export function settle(): Promise<void> {
  // A task of the host begins only when no continuation is left.
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve);
  });
}
