import { createServer, type Server } from 'node:http';
import { createServer as createH2Server } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Server as NetServer, type Socket } from 'node:net';
import type { MonitorOptions, Probe } from '@watchkeeper/core';
import { h2cProbe } from '@watchkeeper/probes/h2';
import { httpProbe } from '@watchkeeper/probes/http';
import { tcpProbe } from '@watchkeeper/probes/tcp';
import { transferProbe } from '@watchkeeper/probes/transfer';

/** One thing to watch, and how. */
export type Target = { readonly id: string; readonly probe: Probe; readonly options?: MonitorOptions };

/** Real servers on this machine, some of them in trouble. */
export interface Targets extends AsyncDisposable {
  readonly watched: readonly Target[];
}

const host = '127.0.0.1';

/** How long the flapping target is up, then down, in milliseconds. */
const upMs = 12_000;
const downMs = 7_000;

/** Starts every target on a free port. Dispose them to free the ports. */
export async function startTargets(): Promise<Targets> {
  const web = createServer((_request, response) => response.end('fine\n'));
  const mesh = createH2Server((_request, response) => response.end('fine\n'));
  const mail = createTcpServer((socket) => greet(socket, '220 mail.local ready\r\n'));
  const mute = createTcpServer(greet);
  const flapping = createServer((_request, response) => response.end('up for now\n'));
  const servers = [web, mesh, mail, mute, flapping];

  const [webPort, meshPort, mailPort, mutePort, flappingPort] = await Promise.all([
    listen(web),
    listen(mesh),
    listen(mail),
    listen(mute),
    listen(flapping),
  ]);
  const nobodysPort = await freePort();
  const stopFlapping = flap(flapping, flappingPort);

  // Those that are meant to fail do not make the whole program unready.
  const optional = { required: false };
  return {
    watched: [
      { id: 'web', probe: httpProbe({ url: `http://${host}:${webPort}/` }) },
      { id: 'mesh', probe: h2cProbe({ url: `http://${host}:${meshPort}/`, ping: 'also' }) },
      { id: 'mail', probe: transferProbe({ host, port: mailPort, script: [{ expect: /^220 / }] }) },
      { id: 'mute', probe: transferProbe({ host, port: mutePort, minBytes: 1 }), options: optional },
      { id: 'flapping', probe: httpProbe({ url: `http://${host}:${flappingPort}/` }), options: optional },
      { id: 'nobody', probe: tcpProbe({ host, port: nobodysPort }), options: optional },
    ],
    async [Symbol.asyncDispose]() {
      stopFlapping();
      await Promise.all(servers.map(close));
    },
  };
}

/** Takes the server down and up again until told to leave it. */
function flap(server: Server, port: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const goDown = () => {
    void close(server);
    timer = setTimeout(comeUp, downMs);
  };
  const comeUp = () => {
    server.listen(port, host);
    timer = setTimeout(goDown, upMs);
  };
  // Another program may have taken the port meanwhile; then this target stays down, as real ones do.
  server.on('error', () => {});
  timer = setTimeout(goDown, upMs);
  return () => clearTimeout(timer);
}

function greet(socket: Socket, banner?: string): void {
  socket.on('error', () => socket.destroy());
  if (banner !== undefined) socket.write(banner);
  socket.resume();
}

async function listen(server: NetServer): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A port nobody listens on: one that was just given back. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await close(server);
  return port;
}

function close(server: NetServer): Promise<void> {
  if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
