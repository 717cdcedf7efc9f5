import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@watchkeeper/core';
import { refuseUpgrade } from './refuseUpgrade.ts';

/** Handles one upgrade request. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Limit on the socket of a request that no handler takes. */
export interface LingerOptions {
  readonly clock: Clock;
  readonly closeTimeoutMs: number;
}

/** The upgrade handlers of one server, by path; `''` takes what no other path does. */
class UpgradeRoutes {
  readonly #server: UpgradingServer;
  readonly #options: LingerOptions;
  readonly #routes = new Map<string, UpgradeHandler>();

  constructor(server: UpgradingServer, options: LingerOptions) {
    this.#server = server;
    this.#options = options;
  }

  add(path: string, upgrade: UpgradeHandler): () => void {
    if (this.#routes.size === 0) this.#server.on('upgrade', this.#dispatch);
    this.#routes.set(path, upgrade);
    return () => {
      if (this.#routes.get(path) !== upgrade) return;
      this.#routes.delete(path);
      if (this.#routes.size === 0) this.#server.off('upgrade', this.#dispatch);
    };
  }

  readonly #dispatch: UpgradeHandler = (request, socket, head) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const upgrade = this.#routes.get(path) ?? this.#routes.get('');
    if (upgrade !== undefined) {
      upgrade(request, socket, head);
      return;
    }
    // Another listener of this server may take it; a socket that nobody takes would stay open for ever.
    if (this.#server.listenerCount('upgrade') > 1) return;
    socket.on('error', () => socket.destroy());
    refuseUpgrade(socket, { status: 404, text: 'No WebSocket here' }, this.#options);
  };
}

const routesOf = new WeakMap<UpgradingServer, UpgradeRoutes>();

/**
 * Sends the upgrade requests for `path` of `server` to `upgrade`.
 *
 * @returns a function that removes the route.
 */
export function addUpgradeRoute(
  server: UpgradingServer,
  path: string,
  upgrade: UpgradeHandler,
  options: LingerOptions,
): () => void {
  let routes = routesOf.get(server);
  if (routes === undefined) {
    routes = new UpgradeRoutes(server, options);
    routesOf.set(server, routes);
  }
  return routes.add(path, upgrade);
}
/** A server that announces upgrade requests: `http.Server`, `https.Server`, or whatever stands in for one. */

export interface UpgradingServer {
  on(event: 'upgrade', listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown;
  off(event: 'upgrade', listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown;
  listenerCount(event: 'upgrade'): number;
}
