import { createServer, type Server } from 'node:http';
import { createServer as createH2Server } from 'node:http2';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as NetServer,
  type Socket,
} from 'node:net';

const host = '127.0.0.1';

/** Greets like a mail server; without a banner, takes whoever comes and says nothing. */
export function mailServer(banner?: string): NetServer {
  return createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (banner !== undefined) socket.write(banner);
    socket.resume();
  });
}

/** A server whose every page is fine. */
export const webServer = (): Server => createServer((_request, response) => response.end('fine\n'));

/** The same over HTTP/2 without TLS. */
export const meshServer = (): NetServer => createH2Server((_request, response) => response.end('fine\n'));

/** A shop that cannot take an order without sending a mail. */
export function shopServer(mailPort: number): Server {
  return createServer(async (_request, response) => {
    const isOpen = await greets(connect(mailPort, host));
    response.writeHead(isOpen ? 200 : 503).end(isOpen ? 'open\n' : 'cannot send mail\n');
  });
}

/** Whether whoever is there says something before it goes, within the time an order may take. */
function greets(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const conclude = (said: boolean) => {
      resolve(said);
      socket.destroy();
    };
    socket.setTimeout(1_300, () => conclude(false));
    socket.once('data', () => conclude(true));
    socket.on('error', () => conclude(false));
    socket.once('close', () => conclude(false));
  });
}

/** Starts a server on a free port, and answers it. */
export async function listen(server: NetServer): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A port nobody listens on: one that was just given back. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await close(server);
  return port;
}

/** Ends a server and its connections. */
export function close(server: NetServer): Promise<void> {
  if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
