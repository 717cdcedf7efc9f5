import {
  type Clock,
  callable,
  defineProbe,
  objectWith,
  type Probe,
  positiveMs,
  type Rules,
  resolveOptions,
  systemClock,
} from '@watchkeeper/core';
import { Observable } from 'rxjs';
import { type Actor, createActor, waitFor } from 'xstate';
import { GrpcChannel } from './grpcChannel.ts';
import { type GrpcTarget, targetDefaults, targetRules } from './grpcTarget.ts';
import type { HealthChannel } from './healthChannel.ts';
import type { ServingStatus } from './healthProto.ts';
import { healthWatchMachine } from './healthWatchMachine.ts';
import { verdictOfFailure, verdictOfStatus } from './verdictOf.ts';

/** What is watched, and how. */
export interface WatchHealthOptions extends GrpcTarget {
  /**
   * How often to ask a server that has Check but no Watch, in milliseconds.
   * @default 10000
   */
  readonly pollMs?: number;
  /**
   * Where time comes from.
   * @default the system's clock
   */
  readonly clock?: Clock;
  /**
   * Where chance comes from: a number from 0 up to 1.
   * @default Math.random
   */
  readonly random?: () => number;
  /**
   * Makes the connection; for tests, or for a transport of one's own.
   * @default a connection of `@grpc/grpc-js`
   */
  readonly connect?: (target: GrpcTarget) => HealthChannel;
}

/** What is known of a server at one moment. Plain and serialisable. */
export type HealthView = {
  /**
   * How the server is heard: `connecting`, `watching` by Watch, `checking` by Check, `unchecked` since it has
   * neither, `retrying` since it cannot be reached, or `closed`, since we hung up.
   */
  readonly mode: 'connecting' | 'watching' | 'checking' | 'unchecked' | 'retrying' | 'closed';
  /** What it last said; `UNKNOWN` while it cannot be heard. */
  readonly status: ServingStatus;
  /** Why it cannot be heard. */
  readonly detail?: string;
};

/** Hears one server until it is closed. */
export interface HealthWatch extends Disposable {
  readonly view: HealthView;
  /** The present view, then each change, then completion when the watch is closed. */
  readonly view$: Observable<HealthView>;
  /** Answers from the present view; waits only while nothing has been heard of the server. */
  readonly probe: Probe;
  /** Hangs up. Nothing of the watch runs afterwards. */
  close(): void;
}

const rules: Rules<WatchHealthOptions> = {
  ...targetRules,
  pollMs: positiveMs,
  clock: objectWith<Clock>('now', 'setTimeout', 'clearTimeout'),
  random: callable<() => number>(),
  connect: callable<(target: GrpcTarget) => HealthChannel>(),
};

type Snapshot = ReturnType<Actor<typeof healthWatchMachine>['getSnapshot']>;

function viewOf(snapshot: Snapshot): HealthView {
  const { status, failure } = snapshot.context;
  return { mode: modeOf(snapshot), status, ...(failure === undefined ? {} : { detail: failure.details }) };
}

function modeOf(snapshot: Snapshot): HealthView['mode'] {
  if (snapshot.matches({ watching: 'connecting' })) return 'connecting';
  if (snapshot.matches('watching')) return 'watching';
  if (snapshot.matches('checking')) return 'checking';
  if (snapshot.matches('unchecked')) return 'unchecked';
  return snapshot.matches('retrying') ? 'retrying' : 'closed';
}

/** Whether there is anything to say: the server's word, or why there is none. */
const hasWord = (snapshot: Snapshot): boolean =>
  snapshot.context.status !== 'UNKNOWN' || snapshot.context.failure !== undefined || !snapshot.hasTag('waiting');

const isSame = (one: HealthView, other: HealthView): boolean =>
  one.mode === other.mode && one.status === other.status && one.detail === other.detail;

/**
 * Hears from a gRPC server how it is, as it changes: by Watch; by Check where there is no Watch; with the back-off
 * of gRFC A17 while it cannot be reached.
 *
 * @throws {@link InvalidOptionError} for the first option that breaks its rule.
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
  const { clock, connect, pollMs, random, ...to } = resolveOptions<Required<WatchHealthOptions>>(
    'watchHealth',
    rules,
    {
      ...targetDefaults,
      target: '',
      pollMs: 10_000,
      clock: systemClock(),
      random: Math.random,
      connect: (target) => new GrpcChannel(target),
    },
    given,
  );
  const { service, timeoutMs } = to;
  const input = { channel: connect(to), service, timeoutMs, pollMs, random };
  const actor = createActor(healthWatchMachine, { input, clock }).start();
  const view = () => viewOf(actor.getSnapshot());
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
          const next = viewOf(snapshot);
          if (isSame(next, last)) return;
          last = next;
          subscriber.next(next);
        },
        complete: () => subscriber.complete(),
      });
    }),
    probe: defineProbe(`grpc watch ${to.target}/${service}`, async (signal) => {
      const { status, failure } = (await waitFor(actor, hasWord, { signal })).context;
      return failure === undefined ? verdictOfStatus(status) : verdictOfFailure(failure);
    }),
    close,
    [Symbol.dispose]: close,
  };
}
