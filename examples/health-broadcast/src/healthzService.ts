import type { CloseReason, Health, Notice, Supervisor } from '@watchkeeper/core';
import type { Availability } from './availability.ts';
import { type BrokerState, endings, HealthStream, type HealthzCall } from './healthStream.ts';

/** While nothing is known, nothing is held against the broker (INV-12). */
const unfit: ReadonlySet<Health> = new Set<Health>(['unhealthy', 'error', 'stale', 'reconnecting', 'stopped']);

const endingOf = (reason: CloseReason) =>
  reason === 'goaway' || reason === 'peer' ? undefined : reason === 'replaced' ? endings.replaced : endings.draining;

/**
 * The broadcast of Healthz. Each stream is a session and a notifier of the supervisor, under the address of its
 * connection: one client's pace is no other's, and the last thing a client hears is GOAWAY.
 */
export function healthzService(keeper: Supervisor, availability: () => Availability) {
  const state: BrokerState = { availability, isReady: () => !unfit.has(keeper.health) };

  function check(call: HealthzCall): void {
    if (call.cancelled) return;
    const stream = new HealthStream(call, state);
    const slot = keeper.reserve();
    if (!slot.reserved) {
      if (slot.reason === 'draining') void stream.goaway();
      stream.end(slot.reason === 'draining' ? endings.draining : endings.full);
      return;
    }
    const session = slot.open({
      goaway() {
        // The notifier tells it, after whatever is still being written.
      },
      close(reason) {
        stream.end(endingOf(reason));
        return stream.gone;
      },
    });
    const deliver = (notice: Notice) => (notice.type === 'goaway' ? stream.goaway() : stream.broadcast());
    const notifier = keeper.notifier(call.getPeer(), deliver, { topics: [''], session: session.id });
    void stream.gone.then(() => session.end());
    void session.closed.then(() => notifier.close());
    // A client that was told to go stays until it goes, or its grace is over.
    void notifier.closed.then((reason) => {
      if (reason !== 'goaway') session.end(reason);
    });
  }

  return { Check: check };
}
