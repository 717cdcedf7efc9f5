import type { Socket } from 'node:net';
import type { Attempt } from '../check/runCheck.ts';
import type { EgressPolicy } from '../egress.ts';
import { type Destination, dial } from './dial.ts';
import { type Secured, secure, type TlsSettings } from './tlsHandshake.ts';

/** The way to a server: plain, or with TLS. */
export interface Route {
  readonly to: Destination & { readonly host: string };
  /** How to shake hands; undefined for a plain connection. */
  readonly tls: TlsSettings | undefined;
  /** What to offer in the handshake, the preferred first. */
  readonly protocols: readonly string[];
  readonly egress: EgressPolicy | undefined;
}

/** A connection that is ready to be spoken over, unless its certificate is untrusted. */
export interface Channel {
  readonly socket: Socket;
  readonly secured: Secured | undefined;
}

export async function openChannel(attempt: Attempt, { to, tls, protocols, egress }: Route): Promise<Channel> {
  attempt.stage('connecting');
  const plain = await dial(attempt, to, egress);
  const secured = tls && (await secure(attempt, plain, to.host, tls, protocols));
  return { socket: secured?.socket ?? plain, secured };
}
