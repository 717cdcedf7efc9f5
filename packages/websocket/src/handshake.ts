import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** An answer to an upgrade request that is not granted. */
export interface HandshakeAnswer {
  readonly status: number;
  /** One line for whoever reads the answer. */
  readonly text: string;
  /** When trying again may help, in milliseconds; told in whole seconds. */
  readonly retryAfterMs?: number;
}

/** Answers an upgrade request in plain HTTP and gives the socket up. Nothing was made for this client. */
export function refuseUpgrade(socket: Duplex, { status, text, retryAfterMs }: HandshakeAnswer): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...(retryAfterMs === undefined ? [] : [`Retry-After: ${Math.max(1, Math.ceil(retryAfterMs / 1_000))}`]),
  ];
  // What the client still sends is read and thrown away: unread bytes would turn the end into a reset.
  socket.resume();
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}
