import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSupervisor } from '@watchkeeper/core';
import { createHub } from '@watchkeeper/websocket';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { expectAgreement } from './agreement.ts';
import { type Handshake, websocketClose, websocketHandshake } from './rows/websocket.ts';

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

function ourUpgrade(): Upgrade {
  const keeper = createSupervisor();
  const hub = createHub(keeper);
  keeper.start();
  onTestFinished(async () => void (await keeper.stop()));
  return (request, socket, head) => hub.upgrade(request, socket, head);
}

function theirUpgrade(): Upgrade {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1_048_576 });
  server.on('connection', (socket) => socket.on('error', () => {}));
  return (request, socket, head) =>
    server.handleUpgrade(request, socket, head, (made) => server.emit('connection', made));
}

const upgrades: Readonly<Record<string, () => Upgrade>> = { ws: theirUpgrade };

async function dial(upgrade: Upgrade, { method = 'GET', headers = {} }: Handshake): Promise<Socket> {
  const server = createServer().on('upgrade', upgrade);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const all = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  socket.write(`${method} / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

/** Reads until `done` finds what it looks for, or the end. */
function readUntil<T>(socket: Socket, done: (bytes: Buffer) => T | undefined): Promise<T | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const look = () => {
      const found = done(bytes);
      if (found !== undefined) resolve(found);
    };
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      look();
    });
    socket.on('close', () => resolve(done(bytes)));
  });
}

/** The code of the first close frame behind the response; frames of a server have no mask. */
function closeCodeOf(bytes: Buffer): number | 'no code' | undefined {
  const head = bytes.indexOf('\r\n\r\n');
  let at = head + 4;
  while (head >= 0 && at + 2 <= bytes.length) {
    const opcode = (bytes[at] as number) & 0x0f;
    const short = bytes[at + 1] as number;
    const header = short < 126 ? 2 : 4;
    if (at + header > bytes.length) return undefined;
    const length = short < 126 ? short : bytes.readUInt16BE(at + 2);
    if (at + header + length > bytes.length) return undefined;
    if (opcode === 8) return length === 0 ? 'no code' : bytes.readUInt16BE(at + header);
    at += header + length;
  }
  return undefined;
}

async function codeFor(upgrade: Upgrade, hex: string): Promise<number | 'no code' | undefined> {
  const socket = await dial(upgrade, {});
  socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  return readUntil(socket, closeCodeOf);
}

async function answerTo(upgrade: Upgrade, handshake: Handshake, header: string | undefined): Promise<unknown[]> {
  const socket = await dial(upgrade, handshake);
  const text = await readUntil(socket, (bytes) => {
    const end = bytes.indexOf('\r\n\r\n');
    return end < 0 ? undefined : bytes.toString('latin1', 0, end);
  });
  const [first = '', ...lines] = (text ?? '').split('\r\n');
  const code = Number(first.split(' ')[1]);
  const name = header?.split(':')[0];
  const found = lines
    .map((line) => line.replace(/^[^:]+/, (key) => key.toLowerCase()))
    .find((line) => line.split(':')[0] === name);
  return header === undefined ? [code] : [code, found];
}

describe(websocketClose.title, () => {
  it.each(websocketClose.rows)('$rule ($source)', async (row) => {
    expect(await codeFor(ourUpgrade(), row.input)).toBe(row.expected);
    for (const [name, make] of Object.entries(upgrades)) expectAgreement(row, name, await codeFor(make(), row.input));
  });
});

describe(websocketHandshake.title, () => {
  it.each(websocketHandshake.rows)('$rule ($source)', async (row) => {
    const [, header] = row.expected;
    expect(await answerTo(ourUpgrade(), row.input, header)).toEqual(row.expected);
    for (const [name, make] of Object.entries(upgrades)) {
      expectAgreement(row, name, await answerTo(make(), row.input, header));
    }
  });
});
