import type { Socket } from 'node:net';
import type { Check } from '../check/runCheck.ts';
import { type Destination, dial } from './dial.ts';
import { dialProxy, type ResolvedProxy, tunnel } from './proxy.ts';
import { type ResolvedTls, type TlsConnection, tlsHandshake } from './tlsHandshake.ts';

/** The way to a server: plain, or with TLS; direct, through a proxy, or over a unix socket. */
export interface Route {
  readonly to: Exclude<Destination, { readonly path: string }>;
  /** The path of a unix socket to take in place of host and port. */
  readonly socketPath?: string | undefined;
  /** The proxy to go through. */
  readonly proxy?: ResolvedProxy | undefined;
  /** Whether the proxy is to forward requests, and not connections: it is for `http:`. */
  readonly forwarded?: boolean;
  /** Options of the handshake; undefined for a plain connection. */
  readonly tls: ResolvedTls | undefined;
  /** Protocols to offer in the handshake (ALPN), the preferred first. */
  readonly protocols: readonly string[];
}

/** A connection that is ready for use, unless its certificate is untrusted. */
export interface OpenConnection {
  readonly socket: Socket;
  /** Undefined where the connection is plain. */
  readonly tls: TlsConnection | undefined;
}

/** Dials, then makes the TLS handshake where the route asks for it. */
export async function openConnection(check: Check, route: Route): Promise<OpenConnection> {
  check.phase('connecting');
  const { to, tls, protocols } = route;
  const plain = await dialRoute(check, route);
  const secured = tls && (await tlsHandshake(check, plain, to.host, tls, protocols));
  return { socket: secured?.socket ?? plain, tls: secured };
}

function dialRoute(check: Check, { to, socketPath, proxy, forwarded }: Route): Promise<Socket> {
  if (socketPath !== undefined) return dial(check, { path: socketPath });
  if (proxy === undefined) return dial(check, to);
  return forwarded ? dialProxy(check, proxy) : tunnel(check, proxy, to);
}
