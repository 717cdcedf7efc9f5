import { createServer as createHttpsServer } from 'node:https';
import { generate } from 'selfsigned';
import { Agent as Dispatcher, fetch as undiciFetch } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { drainHttpServer, healthRoutes } from '../src/index.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, listen, until } from './support/testServer.ts';

it('bad handshakes, of whatever kind, end themselves and never the acceptor (INV-38)', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  const dispatcher = new Dispatcher({ connect: { ca: cert } });
  onTestFinished(() => dispatcher.destroy());
  const keeper = startSupervisor();
  const server = createHttpsServer({ key, cert }, healthRoutes(keeper));
  const port = await listen(server);
  const drain = drainHttpServer(server, keeper);

  const closed: Promise<unknown>[] = [];
  for (const text of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\xff\xff', '\0'.repeat(4_000)]) {
    const { socket } = await dial(port, text);
    closed.push(new Promise((resolve) => socket.once('close', resolve)));
    socket.end();
  }
  (await dial(port)).socket.resetAndDestroy();
  await Promise.all(closed);

  expect((await undiciFetch(`https://localhost:${port}/readyz`, { dispatcher })).status).toBe(200);
  await until(() => keeper.stats().sessions.taken <= 1);
  expect(await keeper.drain()).toMatchObject({ reason: 'drained' });
  await drain.closed;
});
