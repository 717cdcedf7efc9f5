import { getEventListeners, setMaxListeners } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createH2Server } from 'node:http2';
import type { Probe } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import {
  dnsProbe,
  dockerProbe,
  execProbe,
  fileProbe,
  h2cProbe,
  httpProbe,
  tcpProbe,
  tlsProbe,
  transferProbe,
  udpProbe,
  unixProbe,
  websocketProbe,
} from '../src/index.ts';
import { serveDatagrams } from './support/datagrams.ts';
import { dockerEngine, health, inspection } from './support/dockerEngine.ts';
import { listen, misbehaviours, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

const host = '127.0.0.1';
const lasting = new Set(['TCPSocketWrap', 'PipeWrap', 'UDPWrap', 'ProcessWrap', 'TLSWrap']);
const handles = (): number => process.getActiveResourcesInfo().filter((kind) => lasting.has(kind)).length;

const good: Record<string, () => Promise<Probe>> = {
  tcp: async () => tcpProbe({ host, port: (await serve(misbehaviours.blackHole)).port }),
  transfer: async () => transferProbe({ host, port: (await serve((socket) => socket.resume().write('hi'))).port }),
  http: async () => {
    const { port } = await listen(createHttpServer((_request, response) => response.end('ok')));
    return httpProbe({ url: `http://${host}:${port}/`, bodyContains: 'ok' });
  },
  h2c: async () => {
    const { port } = await listen(createH2Server((_request, response) => response.end('ok')));
    return h2cProbe({ url: `h2c://${host}:${port}/` });
  },
  websocket: async () => {
    const server = createHttpServer();
    new WebSocketServer({ server });
    return websocketProbe({ url: `ws://${host}:${(await listen(server)).port}/` });
  },
  docker: async () => {
    const { engine } = await dockerEngine({ a: inspection('running', health('healthy')) });
    return dockerProbe({ container: 'a', engine });
  },
  udp: async () => {
    const { port } = await serveDatagrams((_message, from, socket) => socket.send('pong', from.port, from.address));
    return udpProbe({ host, port, expect: 'pong' });
  },
  file: async () => fileProbe({ path: import.meta.filename, contains: 'leaks', maxBytes: 1_000_000 }),
  exec: async () => execProbe({ argv: ['true'] }),
};

const silent: Record<string, () => Promise<Probe>> = {
  http: async () => httpProbe({ url: `http://${host}:${(await serve(misbehaviours.blackHole)).port}/` }),
  https: async () => httpProbe({ url: `https://${host}:${(await serve(misbehaviours.blackHole)).port}/` }),
  tls: async () => tlsProbe({ host, port: (await serve(misbehaviours.blackHole)).port }),
  transfer: async () => transferProbe({ host, port: (await serve(misbehaviours.blackHole)).port, minBytes: 1 }),
  unix: async () => unixProbe({ path: '/no/such.sock' }),
  h2c: async () => h2cProbe({ url: `h2c://${host}:${(await serve(misbehaviours.blackHole)).port}/` }),
  websocket: async () => websocketProbe({ url: `ws://${host}:${(await serve(misbehaviours.blackHole)).port}/` }),
  udp: async () => udpProbe({ host, port: (await serveDatagrams(() => undefined)).port, expect: 'x' }),
  dns: async () => dnsProbe({ name: 'a.test', servers: [`${host}:${(await serveDatagrams(() => undefined)).port}`] }),
  exec: async () => execProbe({ argv: ['sleep', '60'] }),
};

/** How many checks run at once: a process costs as much as many sockets. */
const abreast = (kind: string): number => (kind === 'exec' ? 3 : 10);

describe('leaks', () => {
  it.each(Object.keys(good))('many %s checks leave no handle and no listener behind (INV-49)', async (kind) => {
    const probe = await good[kind]?.();
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    await probe?.(signal);
    await until(() => getEventListeners(signal, 'abort').length === 0);
    const before = handles();
    for (let round = 0; round < 3; round += 1) {
      const verdicts = await Promise.all(Array.from({ length: abreast(kind) }, () => probe?.(signal)));
      for (const verdict of verdicts) expect(verdict).toMatchObject({ status: 'pass' });
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await until(() => handles() <= before);
  });

  it.each(Object.keys(silent))('many aborted %s checks leave nothing behind (INV-49)', async (kind) => {
    const probe = await silent[kind]?.();
    const before = handles();
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    const running = Promise.all(Array.from({ length: abreast(kind) }, () => probe?.(abort.signal)));
    // Half of the checks are under way when the abort comes, at whatever stage they are.
    await new Promise((resolve) => setImmediate(resolve));
    const late = Promise.all(Array.from({ length: abreast(kind) }, () => probe?.(abort.signal)));
    abort.abort();
    for (const verdict of [...(await running), ...(await late)]) expect(verdict).toMatchObject({ status: 'fail' });
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    await until(() => handles() <= before);
  });
});

describe('checks that are aborted at any moment', () => {
  it.each(Object.keys(good))(
    'an aborted %s check gives its verdict after any number of turns, and leaves nothing behind (INV-49)',
    async (kind) => {
      const probe = await good[kind]?.();
      const before = handles();
      for (let turns = 0; turns < 15; turns += 1) {
        const abort = new AbortController();
        const running = probe?.(abort.signal);
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        abort.abort();
        const verdict = await running;
        if (verdict?.status !== 'pass') {
          expect(verdict).toMatchObject({ status: 'fail', detail: expect.stringMatching(/^aborted while /) });
        }
      }
      await until(() => handles() <= before);
    },
  );
});

describe('silent targets', () => {
  it('do not delay the check of a good target (INV-47)', async () => {
    const { port } = await serve(misbehaviours.blackHole);
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    const probes = Array.from({ length: 20 }, () => httpProbe({ url: `http://${host}:${port}/` }));
    let answered = 0;
    const silence = probes.map((silent) => silent(abort.signal).finally(() => (answered += 1)));
    const probe = await good['http']?.();
    for (let round = 0; round < 10; round += 1) {
      expect(await probe?.(deadline(60_000))).toMatchObject({ status: 'pass' });
    }
    expect(answered).toBe(0);
    abort.abort();
    for (const verdict of await Promise.all(silence)) expect(verdict).toMatchObject({ status: 'fail' });
  });
});
