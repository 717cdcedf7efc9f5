import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Server as NetServer } from 'node:net';
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { createSupervisor } from '@watchkeeper/core';
import { healthService } from '@watchkeeper/grpc';
import { agentEndpoint } from '@watchkeeper/probes/agent';

/** Targets of the playground, each on a port of its own. */
export const targetNames = ['web', 'shop-1', 'shop-2', 'mesh', 'line', 'echo', 'live', 'orders', 'agent'] as const;

export type TargetName = (typeof targetNames)[number];

/** The token the agent asks for. */
export const agentToken = 'a token of the playground';

/** Servers to be watched, on this machine only. */
export interface Targets extends AsyncDisposable {
  readonly ports: Readonly<Record<TargetName, number>>;
  /** Lets a target that speaks HTTP/1.1 answer 503, or work again. */
  set(name: 'web' | 'shop-1' | 'shop-2', works: boolean): void;
}

const host = '127.0.0.1';

/**
 * Starts every target.
 *
 * @param firstPort the port of the first, from which the others count up; 0 takes free ones.
 */
export async function startTargets(firstPort = 0): Promise<Targets> {
  const broken = new Set<string>();
  const page = (name: string) =>
    createServer((_, response) => response.writeHead(broken.has(name) ? 503 : 200).end(`${name} says hello\n`));
  const servers: Record<Exclude<TargetName, 'echo' | 'orders'>, NetServer> = {
    web: page('web'),
    'shop-1': page('shop-1'),
    'shop-2': page('shop-2'),
    mesh: createHttp2Server((_, response) => response.end('fine\n')),
    line: createTcpServer((socket) => socket.on('error', () => {}).end('220 ready\r\n')),
    live: createServer().on('upgrade', ({ headers }, socket) => {
      const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      socket.on('error', () => {}).on('data', () => socket.end());
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
    }),
    agent: createServer(agentEndpoint({ token: agentToken })),
  };
  const echo = createSocket('udp4', (message, { port, address }) => echo.send(message, port, address));
  const health = createSupervisor({ name: 'orders' });
  const { definition, implementation } = healthService(health);
  const orders = new GrpcServer();
  orders.addService(definition, implementation);
  health.start();

  const ports: Partial<Record<TargetName, number>> = {};
  for (const [place, name] of targetNames.entries()) {
    const port = firstPort === 0 ? 0 : firstPort + place;
    if (name === 'echo') {
      await new Promise<void>((resolve) => echo.bind(port, host, resolve));
      ports[name] = echo.address().port;
    } else if (name === 'orders') {
      ports[name] = await bind(orders, port);
    } else {
      ports[name] = await listen(servers[name], port);
    }
  }
  return {
    ports: ports as Record<TargetName, number>,
    set: (name, works) => void (works ? broken.delete(name) : broken.add(name)),
    async [Symbol.asyncDispose]() {
      echo.close();
      orders.forceShutdown();
      await health.stop();
      await Promise.all(Object.values(servers).map(close));
    },
  };
}

function listen(server: NetServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function bind(server: GrpcServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
}

function close(server: NetServer | Server): Promise<void> {
  if ('closeAllConnections' in server) server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
