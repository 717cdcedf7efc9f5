import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { VirtualClock } from '@watchkeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type Inspector, inspect } from '../src/index.ts';
import { refusedCloseMs } from '../src/server/refusedSockets.ts';
import { ScriptedSupervisor } from './support/scriptedSupervisor.ts';

const clients: Socket[] = [];
const inspectors: Inspector[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(inspectors.splice(0).map((inspector) => inspector.close()));
});

async function serve() {
  const clock = new VirtualClock();
  const inspector = await inspect(new ScriptedSupervisor(), { port: 0, clock });
  inspectors.push(inspector);
  return { clock, inspector };
}

/** Sends an upgrade request without a token, and resolves when it was refused and the server has ended its side. */
async function beRefused({ port }: Inspector): Promise<Socket> {
  // It hangs up only when it is told to.
  const client = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  clients.push(client);
  client.on('error', () => {});
  let answer = '';
  client.on('data', (bytes) => {
    answer += bytes;
  });
  client.write(
    `GET / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\norigin: http://127.0.0.1:${port}\r\nconnection: upgrade\r\n` +
      'upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await once(client, 'end');
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  return client;
}

/** Sockets that this process holds, those of clients and those of servers. */
const socketsHeld = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;

describe('a refused upgrade', () => {
  it('leaves no socket behind when its client hangs up, whatever it still sent', async () => {
    const { inspector } = await serve();
    const before = socketsHeld();
    for (let nth = 0; nth < 5; nth += 1) (await beRefused(inspector)).end('a frame');
    await expect.poll(socketsHeld, { timeout: 4_000 }).toBe(before);
  });

  it('is cut off when its client does not hang up in time', async () => {
    const { clock, inspector } = await serve();
    const before = socketsHeld();
    const client = await beRefused(inspector);
    expect(socketsHeld()).toBe(before + 2);
    await clock.advance(refusedCloseMs);
    await expect.poll(socketsHeld, { timeout: 4_000 }).toBe(before + 1);
    expect(client.destroyed).toBe(false);
  });

  it('does not hold up close()', async () => {
    const { inspector } = await serve();
    await beRefused(inspector);
    await expect(inspector.close()).resolves.toBeUndefined();
  });
});
