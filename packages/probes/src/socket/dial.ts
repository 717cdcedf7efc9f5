import { Socket, type TcpSocketConnectOpts } from 'node:net';
import type { Check } from '../check/runCheck.ts';
import type { EgressPolicy } from '../egress.ts';
import { guardAddress, guardedLookup } from './egressGuard.ts';

/** The target of a stream socket: a host and port, or the path of a unix socket. */
export type Destination = Address | { readonly path: string };

interface Address {
  readonly host: string;
  readonly port: number;
  readonly family?: 4 | 6 | undefined;
}

/**
 * Connects, or rejects with the kernel's error. The socket is destroyed when the check ends.
 *
 * The kernel may hold a small write back until the one before is acknowledged: callers that write twice without reading
 * between must call `setNoDelay`.
 */
export function dial(check: Check, to: Destination, egress?: EgressPolicy): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if ('host' in to) guardAddress(to.host, egress);
    // Made without options: with any, Node takes twice as long to make a socket.
    const socket = new Socket();
    let connected = false;
    socket.once('connect', () => {
      connected = true;
      resolve(socket);
    });
    // Stays for good: an error after the verdict concerns nobody, and without a listener it would end the process.
    socket.on('error', (error) => connected || reject(error));
    socket.connect('path' in to ? to : connectOptions(to, egress));
    check.defer(() => socket.destroy());
  });
}

function connectOptions({ host, port, family }: Address, egress: EgressPolicy | undefined): TcpSocketConnectOpts {
  return { host, port, family, autoSelectFamily: family === undefined, lookup: egress && guardedLookup(egress) };
}
