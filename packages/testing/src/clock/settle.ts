declare const setImmediate: ((callback: () => void) => unknown) | undefined;

/**
 * How a task of the host is waited for, and how long core runs at least before it yields to the host (`breathMs`). Core
 * continues by the same kind of task as is waited for here, so a shorter wait cannot have met such a pause.
 */
const host =
  typeof setImmediate === 'function'
    ? { nextTask: setImmediate, breathMs: 0.7 }
    : { nextTask: (callback: () => void) => setTimeout(callback, 1), breathMs: 15 };

/** When a task of the host last began, in milliseconds of `performance.now`: a long run since then may not be over. */
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
    await new Promise<void>((resolve) => void host.nextTask(resolve));
    const nowMs = performance.now();
    const sinceMs = nowMs - restedAtMs;
    restedAtMs = nowMs;
    if (sinceMs < host.breathMs) return;
  }
}
