declare const setImmediate: ((callback: () => void) => unknown) | undefined;

/** Core lets its host breathe after 1 ms of tasks, and goes on by what we wait by; shorter waits cannot have met that. */
const breathMs = 0.7;

/** When it was last seen that nothing is under way: a run since then that was long may not be over. */
let restedAtMs = 0;

/**
 * Waits until the promise continuations that are already under way have run, however long their chains; moves no clock.
 *
 * Work that waits for the outside (sockets, files, host timers) is not waited for. `VirtualClock.advance` does this
 * by itself.
 *
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { fakeConnection, settle } from '@watchkeeper/testing';
 *
 * const keeper = createSupervisor();
 * const peer = fakeConnection();
 * const slot = keeper.reserve();
 * if (slot.reserved) slot.open(peer);
 * void keeper.drain();
 * await settle();
 * peer.goaways.length; // 1
 * ```
 */
export async function settle(): Promise<void> {
  for (;;) {
    // A task of the host begins only when no continuation is left.
    await new Promise<void>((resolve) => {
      if (typeof setImmediate === 'function') setImmediate(resolve);
      else setTimeout(resolve, 1);
    });
    const nowMs = performance.now();
    const sinceMs = nowMs - restedAtMs;
    restedAtMs = nowMs;
    if (sinceMs < breathMs) return;
  }
}
