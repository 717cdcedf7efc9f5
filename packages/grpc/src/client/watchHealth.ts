import { defineProbe, type Probe } from '@watchkeeper/core';
import { Observable } from 'rxjs';
import { createActor, waitFor } from 'xstate';
import { FollowingChannel } from './followingChannel.ts';
import { verdictOfAbort, verdictOfFailure, verdictOfStatus } from './grpcVerdict.ts';
import { type HealthView, healthViewOf, isKnown, isSameView } from './healthView.ts';
import { healthWatchMachine } from './healthWatchMachine.ts';
import { resolveWatchHealthOptions, type WatchHealthOptions } from './watchHealthOptions.ts';

/** A watch of one server's health, until it is closed. */
export interface HealthWatch extends Disposable {
  readonly view: HealthView;
  /** The present view, then each change, then completion when the watch is closed. */
  readonly view$: Observable<HealthView>;
  /** Judges the present view; waits only while nothing is known of the server. */
  readonly probe: Probe;
  /** Ends the watch. Nothing of it runs afterwards. */
  close(): void;
}

/**
 * Follows the health of a gRPC server: by Watch; by Check where there is no Watch; with the back-off of gRFC A17 while
 * it cannot be reached.
 *
 * A connection that rotates (its age, a proxy, one backend that stops) is no outage: the last status holds while the
 * server is connected to anew, at once, and only a reconnection that fails is a failure. Where answered attempts keep
 * ending within a second, the later ones wait, at most `pollMs`. One that ends with a goaway's hint comes back when and
 * where that says, if `redirect` allows it. A server that has neither method is asked again on each
 * new connection.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { watchHealth } from '@watchkeeper/grpc/client';
 *
 * const keeper = createSupervisor();
 * const orders = watchHealth({ target: 'orders.internal:50051', service: 'orders.v1.Orders' });
 * const monitor = keeper.monitor('orders', orders.probe, { intervalMs: 60_000 });
 * orders.view$.subscribe(() => monitor.check()); // a change is judged at once, not at the next interval
 * ```
 */
export function watchHealth(given: WatchHealthOptions): HealthWatch {
  const { clock, connect, pollMs, random, redirect, ...to } = resolveWatchHealthOptions(given);
  const { service, timeoutMs } = to;
  const connectTo = (target: string) => connect({ ...to, target });
  const channel = new FollowingChannel({ home: to.target, connect: connectTo, redirect });
  const input = { channel, service, timeoutMs, pollMs, random, now: () => clock.now() };
  const actor = createActor(healthWatchMachine, { input, clock }).start();
  const view = () => healthViewOf(actor.getSnapshot());
  const close = () => {
    if (actor.getSnapshot().status === 'active') actor.send({ type: 'close' });
  };

  return {
    get view() {
      return view();
    },
    view$: new Observable((subscriber) => {
      let last = view();
      subscriber.next(last);
      return actor.subscribe({
        next: (snapshot) => {
          const next = healthViewOf(snapshot);
          if (isSameView(next, last)) return;
          last = next;
          subscriber.next(next);
        },
        complete: () => subscriber.complete(),
      });
    }),
    probe: defineProbe(`grpc watch ${to.target}/${service}`, async (signal) => {
      const known = await waitFor(actor, isKnown, { signal }).catch(() => undefined);
      if (known === undefined) return verdictOfAbort(signal, 'waiting for the first status');
      const { status, failure } = known.context;
      return failure === undefined ? verdictOfStatus(status) : verdictOfFailure(failure);
    }),
    close,
    [Symbol.dispose]: close,
  };
}
