import { eventSource, objectWith, requireOption } from '@watchkeeper/core/options';
import { type HttpDrainOptions, resolveHttpDrainOptions } from './httpDrainOptions.ts';
import { ServerDrain, type ServerSupervisor } from './serverDrain.ts';
import type { DrainableServer } from './serverProtocols.ts';

/** Handle of a server whose connections are sessions of a supervisor. */
export interface HttpServerDrain {
  /** Connections that have no slot: there was none for them, or in a drain they have not asked for anything but health. */
  readonly unsupervised: number;
  /** Connections that came in a drain and asked for health first. They are no stragglers. */
  readonly healthChecks: number;
  /** Resolves when the server has closed and all its connections have gone. */
  readonly closed: Promise<void>;
  /** Removes all listeners: new connections get no session, and a drain no longer closes the server. */
  detach(): void;
}

const serverRule = objectWith<DrainableServer>('on', 'once', 'off', 'close');
const keeperRule = eventSource<ServerSupervisor>('reserve');

/**
 * Makes every connection of a server a session of the supervisor, so that draining the one drains the other.
 *
 * Call it once, before the server gets connections. From the beginning of a drain, the last answer of every HTTP/1.1
 * connection bears `Connection: close`. After the notice the server accepts until nobody is waiting, and stops listening;
 * a connection that has sent nothing yet has `firstRequestMs`; idle ones close, and busy ones after what they were asked:
 * our end first, then theirs, within `closeTimeoutMs`, so that none is reset. HTTP/2 sessions are told to go spread over
 * `staggerMs`, finish their streams, and are destroyed when the grace is over. In the notice, a
 * connection gets a slot of its own with its first request that is no health check: it is told to go with all others,
 * waited for and reported. A connection there is no slot for, because the supervisor is full, is served once and closed:
 * `healthPaths` are answered to the end, all else with 503 and `Retry-After`. An HTTP/2 peer that does not answer a ping
 * is gone. A TLS handshake that does not end has `firstRequestMs`, too. A WebSocket is not drained here from its upgrade on.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { drainHttpServer, healthRoutes } from '@watchkeeper/http';
 *
 * const keeper = createSupervisor();
 * const server = createServer(healthRoutes(keeper));
 * drainHttpServer(server, keeper);
 * server.listen(8080);
 * ```
 */
export function drainHttpServer(
  server: DrainableServer,
  keeper: ServerSupervisor,
  options?: HttpDrainOptions,
): HttpServerDrain {
  requireOption('drainHttpServer.server', serverRule, server);
  requireOption('drainHttpServer.keeper', keeperRule, keeper);
  return new ServerDrain(server, keeper, resolveHttpDrainOptions(options));
}
