import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** How long a server has to answer our goodbye, in milliseconds. */
const goodbyeMs = 250;

/** Ends a TLS connection as the protocol wants it: says so, and reads until the server has, or a quarter of a second. */
export function leavePolitely(secured: TLSSocket, plain: Socket): void {
  const leave = (): void => {
    clearTimeout(timer);
    destroyBoth(secured, plain);
  };
  const timer = setTimeout(leave, goodbyeMs);
  secured.once('end', leave).once('close', leave).on('error', leave);
  // What is not read would have the kernel answer with a reset.
  if (secured.destroyed || plain.destroyed) leave();
  else secured.resume().end();
}

export function destroyBoth(secured: TLSSocket, plain: Socket): void {
  secured.destroy();
  plain.destroy();
}
