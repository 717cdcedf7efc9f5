import { connect, type Socket } from 'node:net';
import type { Attempt } from './attempt.ts';
import type { EgressPolicy } from './egress.ts';
import { guardAddress, guardedLookup } from './guard.ts';

/** Where a stream socket leads: a host and port, or the path of a unix socket. */
export type Destination =
  | { readonly host: string; readonly port: number; readonly family?: 4 | 6 | undefined }
  | { readonly path: string };

/** Connects, or rejects with the kernel's error. The socket is destroyed when the attempt ends. */
export async function dial(attempt: Attempt, to: Destination, egress?: EgressPolicy): Promise<Socket> {
  const socket = open(to, egress);
  attempt.defer(() => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    // Stays for good: an error after the verdict concerns nobody, and without a listener it would end the process.
    socket.on('error', reject);
  });
  return socket;
}

function open(to: Destination, egress: EgressPolicy | undefined): Socket {
  if ('path' in to) return connect({ path: to.path });
  guardAddress(to.host, egress);
  return connect({
    host: to.host,
    port: to.port,
    noDelay: true,
    ...(to.family === undefined ? { autoSelectFamily: true } : { family: to.family }),
    ...(egress ? { lookup: guardedLookup(egress) } : {}),
  });
}
