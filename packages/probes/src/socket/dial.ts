import { Socket } from 'node:net';
import type { Check } from '../check/runCheck.ts';
import { addressesOf, literalAddress } from './addresses.ts';
import type { ResolvedNetwork } from './network.ts';

/** The target of a stream socket: a host and port, or the path of a unix socket. */
export type Destination = (ResolvedNetwork & { readonly host: string; readonly port: number }) | UnixSocket;

interface UnixSocket {
  readonly path: string;
}

/** Where one socket goes. */
type Endpoint = { readonly host: string; readonly port: number } | UnixSocket;

/** How long an address has before the next one is tried beside it, in milliseconds (RFC 8305 5). */
const attemptDelayMs = 250;

/** Sockets that belong to a layer above, which ends them. */
const handedOver = new WeakSet<Socket>();

/** Leaves it to the caller to destroy a socket that {@link dial} made, in place of the end of the check. */
export function takeOver(socket: Socket): void {
  handedOver.add(socket);
}

/**
 * Connects, or rejects with the kernel's error. The socket is destroyed when the check ends.
 *
 * Of a name with several addresses, each has as long as there is; after a quarter of a second the next is tried beside it,
 * and the first that connects wins. Where all fail, the error is an `AggregateError` of them all.
 *
 * The kernel may hold a small write back until the one before is acknowledged: callers that write twice without reading
 * between must call `setNoDelay`.
 */
export function dial(check: Check, to: Destination): Promise<Socket> {
  if ('path' in to) return connect(check, to);
  const literal = literalAddress(to.host, to);
  // Nothing is awaited that need not be: a check spends microseconds on each promise it passes through.
  return literal === undefined ? dialName(check, to) : connect(check, { host: literal, port: to.port });
}

async function dialName(check: Check, to: Exclude<Destination, UnixSocket>): Promise<Socket> {
  const addresses = await addressesOf(check, to.host, to);
  check.signal.throwIfAborted();
  check.phase('connecting');
  const [only] = addresses;
  if (addresses.length === 1 && only !== undefined) return connect(check, { host: only, port: to.port });
  return race(check, addresses, to.port);
}

function connect(check: Check, to: Endpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    open(check, to, resolve, reject);
  });
}

/** Opens a socket, which is destroyed when the check ends. Exactly one of the callbacks is called, once. */
function open(check: Check, to: Endpoint, connected: (socket: Socket) => void, failed: (error: Error) => void): Socket {
  // Made without options: with any, Node takes twice as long to make a socket.
  const socket = new Socket();
  let isConnected = false;
  socket.once('connect', () => {
    isConnected = true;
    connected(socket);
  });
  // Stays for good: an error after the verdict concerns nobody, and without a listener it would end the process.
  socket.on('error', (error) => isConnected || failed(error));
  socket.connect(to);
  check.defer(() => handedOver.has(socket) || socket.destroy());
  return socket;
}

function race(check: Check, addresses: readonly string[], port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const attempts = new Set<Socket>();
    const errors: Error[] = [];
    let timer: NodeJS.Timeout | undefined;
    let next = 0;
    let isWon = false;

    const attempt = (): void => {
      clearTimeout(timer);
      const host = addresses[next];
      if (isWon || host === undefined) return;
      next += 1;
      attempts.add(open(check, { host, port }, win, lose));
      if (next < addresses.length) timer = setTimeout(attempt, attemptDelayMs);
    };
    const win = (winner: Socket) => {
      if (isWon) return void winner.destroy();
      isWon = true;
      clearTimeout(timer);
      for (const socket of attempts) if (socket !== winner) socket.destroy();
      resolve(winner);
    };
    const lose = (error: Error): void => {
      errors.push(error);
      if (errors.length === addresses.length) reject(new AggregateError(errors));
      else if (!isWon) attempt();
    };

    check.defer(() => clearTimeout(timer));
    attempt();
  });
}
