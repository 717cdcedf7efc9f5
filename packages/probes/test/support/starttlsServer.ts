import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Certificate, certificate } from './certificates.ts';
import { type Served, serve } from './tcpServers.ts';

/** One line of a dialogue: what the server says, or what it must hear; bytes may have the handshake right behind them. */
export type Line = { readonly says: string | Buffer } | { readonly hears: RegExp | Buffer };

export interface StartTlsServer extends Served {
  readonly cert: string;
  /** What was heard, in the clear and under TLS, one character a byte. */
  readonly heard: string[];
}

/**
 * A server that follows `lines`, then makes TLS and answers a first line under it with `221 bye`. What it does not expect
 * it answers with `NO`, and ends.
 *
 * @param cut sends one byte a segment.
 */
export async function starttlsServer(lines: readonly Line[], cut = false): Promise<StartTlsServer> {
  const { key, cert } = await certificate(30);
  const heard: string[] = [];
  const served = await serve((socket) => void follow(socket.setNoDelay(), [...lines], { key, cert }, heard, cut));
  return { ...served, cert, heard };
}

async function follow(socket: Socket, lines: Line[], tls: Certificate, heard: string[], cut: boolean): Promise<void> {
  for (;;) {
    const line = lines.shift();
    if (line === undefined) break;
    if ('says' in line) await say(socket, Buffer.from(line.says as string), cut);
    else {
      const question = await new Promise<string>((resolve) => {
        socket.once('data', (chunk) => {
          socket.pause();
          resolve(chunk.toString('latin1'));
        });
        socket.resume();
      });
      heard.push(question);
      if (
        line.hears instanceof RegExp ? !line.hears.test(question) : !question.startsWith(line.hears.toString('latin1'))
      ) {
        return void socket.end('NO\r\n');
      }
      const rest = line.hears instanceof RegExp ? '' : question.slice(line.hears.length);
      if (rest !== '') socket.unshift(Buffer.from(rest, 'latin1'));
    }
  }
  const secured = new TLSSocket(socket, { isServer: true, key: tls.key, cert: tls.cert });
  secured.on('error', () => undefined);
  secured.once('data', (chunk) => {
    heard.push(chunk.toString('latin1'));
    secured.end('221 bye\r\n');
  });
}

async function say(socket: Socket, bytes: Buffer, cut: boolean): Promise<void> {
  if (!cut) return void socket.write(bytes);
  for (const byte of bytes) {
    // A turn of the loop between two writes makes two segments of them.
    await new Promise((resolve) => socket.write(Buffer.from([byte]), () => setImmediate(resolve)));
  }
}
