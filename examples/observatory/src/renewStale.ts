import type { Supervisor } from '@watchkeeper/core';

/** How long it takes to renew a connection, in milliseconds. */
const renewalMs = 1_500;

/** Renews the connection behind a monitor that turns stale: it is reconnecting for a while, then asked at once. */
export function renewStale(keeper: Supervisor): void {
  const underWay = new Set<string>();
  keeper.events$.subscribe((event) => {
    if (event.type !== 'health.changed' || event.to !== 'stale' || underWay.has(event.id)) return;
    const monitor = keeper.monitorOf(event.id);
    if (monitor === undefined) return;
    underWay.add(event.id);
    monitor.markReconnecting();
    setTimeout(() => {
      underWay.delete(event.id);
      monitor.markConnected();
    }, renewalMs).unref();
  });
}
