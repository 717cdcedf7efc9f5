import type { Socket } from 'node:net';
import type { Check } from '../check/runCheck.ts';
import type { EgressPolicy } from '../egress.ts';
import { type Destination, dial } from './dial.ts';
import { type ResolvedTls, type TlsConnection, tlsHandshake } from './tlsHandshake.ts';

/** The way to a server: plain, or with TLS. */
export interface Route {
  readonly to: Destination & { readonly host: string };
  /** Options of the handshake; undefined for a plain connection. */
  readonly tls: ResolvedTls | undefined;
  /** Protocols to offer in the handshake (ALPN), the preferred first. */
  readonly protocols: readonly string[];
  readonly egress: EgressPolicy | undefined;
}

/** A connection that is ready for use, unless its certificate is untrusted. */
export interface OpenConnection {
  readonly socket: Socket;
  /** Undefined where the connection is plain. */
  readonly tls: TlsConnection | undefined;
}

/** Dials, then makes the TLS handshake where the route asks for it. */
export async function openConnection(check: Check, { to, tls, protocols, egress }: Route): Promise<OpenConnection> {
  check.phase('connecting');
  const plain = await dial(check, to, egress);
  const secured = tls && (await tlsHandshake(check, plain, to.host, tls, protocols));
  return { socket: secured?.socket ?? plain, tls: secured };
}
