import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that can be let go. */
export interface TestServer {
  readonly port: number;
  close(): void;
}

/** Answers every question for an address with this machine's. */
export async function startNames(): Promise<TestServer> {
  const socket = createSocket('udp4', (question, { port, address }) => {
    const reply = Buffer.concat([question, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1])]);
    reply.writeUInt16BE(0x8180, 2);
    reply.writeUInt16BE(1, 6);
    socket.send(reply, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => socket.close() };
}

/** A Docker Engine with one container, which is well. */
export async function startEngine(): Promise<TestServer> {
  const state = { Status: 'running', Running: true, Health: { Status: 'healthy', Log: [] } };
  const server = createServer((_, response) => response.end(JSON.stringify({ State: state })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
