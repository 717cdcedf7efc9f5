import { type ClientHttp2Session, connect, createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen } from './testServer.ts';

/** What became of one stream. */
export interface Exchange {
  readonly status: number | undefined;
  readonly body: string;
  /** The error code the stream was reset with; 0 is none. */
  readonly code: number;
}

/** A client's session and what it was told. */
export interface Http2Client {
  readonly session: ClientHttp2Session;
  /** Each GOAWAY: its error code and the last stream it promises to serve. */
  readonly goaways: [code: number, lastStreamId: number][];
  readonly closed: Promise<void>;
  ask(path: string): Promise<Exchange>;
}

/** A real HTTP/2 server (h2c), ended with the test. */
export async function serveHttp2(
  listener: Parameters<typeof createServer>[1] & {},
): Promise<{ server: Http2Server; sessions: ServerHttp2Session[]; dial: () => Promise<Http2Client> }> {
  const server = createServer(listener);
  const sessions: ServerHttp2Session[] = [];
  server.on('session', (session) => sessions.push(session));
  await listen(server);
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  const dial = async () => {
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    session.on('error', () => {});
    onTestFinished(() => session.destroy());
    const goaways: Http2Client['goaways'] = [];
    session.on('goaway', (code, lastStreamId) => goaways.push([code, lastStreamId]));
    const closed = new Promise<void>((resolve) => session.once('close', resolve));
    await new Promise((resolve) => session.once('connect', resolve));
    return { session, goaways, closed, ask: (path: string) => ask(session, path) };
  };
  return { server, sessions, dial };
}

function ask(session: ClientHttp2Session, path: string): Promise<Exchange> {
  return new Promise((resolve) => {
    const stream = session.request({ ':path': path });
    let status: number | undefined;
    let body = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    stream.on('response', (headers) => {
      status = headers[':status'];
    });
    stream.on('error', () => {});
    stream.on('close', () => resolve({ status, body, code: stream.rstCode ?? 0 }));
  });
}
