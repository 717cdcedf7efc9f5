import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { TargetFault } from '../check/errors.ts';
import { codeOf } from '../check/networkErrors.ts';
import type { Check } from '../check/runCheck.ts';
import type { HttpRequest, HttpResponse } from './httpMessage.ts';

/** An HTTP/2 connection over one socket. */
export interface Http2Connection {
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Sends a PING. @returns its round trip in milliseconds. */
  ping(): Promise<number>;
}

/** Makes an HTTP/2 connection over `socket`, which is connected already, and waits for the server's preface. */
export async function openHttp2Connection(check: Check, url: URL, socket: Socket): Promise<Http2Connection> {
  check.phase('opening the HTTP/2 session');
  const session = connect(url.origin, { createConnection: () => socket, settings: { enablePush: false } });
  check.defer(() => {
    // Told first, a session ends its socket in place of resetting it; who is late already has no time for that.
    if (!check.signal.aborted) session.close();
    session.destroy();
  });
  const broken = new Promise<never>((_resolve, reject) => {
    session.on('error', (error) => reject(sessionFault(error)));
    session.on('close', () => reject(new TargetFault('connection closed before the response was complete')));
  });
  // The server's preface is its SETTINGS; one that speaks another protocol never gets here.
  await Promise.race([new Promise<void>((resolve) => session.once('remoteSettings', () => resolve())), broken]);
  return {
    request: (request) => Promise.race([exchange(check, session, url, request), broken]),
    ping() {
      check.phase('waiting for the PING');
      const acknowledged = new Promise<number>((resolve, reject) => {
        session.ping((error, tookMs) => (error ? reject(sessionFault(error)) : resolve(tookMs)));
      });
      return Promise.race([acknowledged, broken]);
    },
  };
}

function exchange(
  check: Check,
  session: ClientHttp2Session,
  url: URL,
  { method, path, headers, body, maxBodyBytes }: HttpRequest,
): Promise<HttpResponse> {
  check.phase('waiting for the response');
  return new Promise((resolve, reject) => {
    const stream = session.request(
      { ...headers, ':method': method, ':path': path, ':scheme': url.protocol.slice(0, -1), ':authority': url.host },
      { endStream: body === undefined },
    );
    const chunks: Buffer[] = [];
    let read = 0;
    let headAt = 0;
    let head: { status: number; headers: IncomingHttpHeaders } | undefined;
    const finish = (oversize: boolean): void => {
      if (head) resolve({ ...head, body: Buffer.concat(chunks), oversize, bodyMs: check.elapsedMs() - headAt });
    };
    stream.on('response', (received) => {
      check.phase('reading the body');
      headAt = check.elapsedMs();
      head = { status: Number(received[':status']), headers: received };
    });
    stream.on('data', (chunk: Buffer) => {
      const room = maxBodyBytes - read;
      if (room > 0) chunks.push(chunk.subarray(0, room));
      read += chunk.length;
      if (chunk.length <= room) return;
      finish(true);
      stream.destroy();
    });
    stream.on('error', (error) => reject(sessionFault(error)));
    // A reset may follow the last byte, so the end of the body is not yet the end of the response.
    stream.on('close', () => {
      if (stream.rstCode === constants.NGHTTP2_NO_ERROR) finish(false);
      reject(new TargetFault(`server reset the stream (${stream.rstCode})`));
    });
    if (body !== undefined) stream.end(body);
  });
}

/** Node's HTTP/2 errors are about what the server sent; the kernel's pass through. */
function sessionFault(error: Error): Error {
  return codeOf(error).startsWith('ERR_HTTP2_') ? new TargetFault(`HTTP/2: ${error.message}`) : error;
}
