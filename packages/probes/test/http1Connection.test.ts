import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Check } from '../src/check/runCheck.ts';
import { Http1Connections } from '../src/http/http1Connection.ts';
import { UndiciClient } from '../src/http/undiciClient.ts';
import { httpProbe } from '../src/http.ts';
import { listen, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

/** How many clients were given a socket from now on. */
const clientsFromNow = (): (() => number) => {
  const given = vi.spyOn(UndiciClient.prototype, 'useSocket');
  onTestFinished(() => given.mockRestore());
  return () => new Set(given.mock.contexts).size;
};

const good = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Answers the first connection with the first text, and so on; what ends in `…` is never finished. */
const answeringInTurn = (texts: readonly string[]) => {
  let turn = 0;
  return serve((socket) => {
    const text = texts[turn++] ?? good;
    socket.once('data', () => {
      if (text === 'reset') socket.resetAndDestroy();
      else socket.write(text);
    });
  });
};

describe('checks of one httpProbe', () => {
  it.each([
    ['is garbage', 'garbage\r\n\r\n', { status: 'fail', detail: expect.stringMatching(/^not a valid HTTP response/) }],
    ['is a reset', 'reset', { status: 'fail', detail: 'connection reset' }],
    ['is cut at the deadline', 'HTTP/1.1 200 OK\r\n', { status: 'fail', detail: expect.stringMatching(/^timed out/) }],
    ['never ends', good.replace(': 2', ': 9'), { status: 'fail', detail: 'timed out while reading the body' }],
    ['is too long', `${good.replace(': 2', ': 99')}${'x'.repeat(97)}`, { status: 'pass', measured: { bodyBytes: 50 } }],
    ['upgrades', 'HTTP/1.1 101 Go\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', { status: 'fail' }],
    ['says that it closes', good.replace('\r\n', '\r\nconnection: close\r\n'), { status: 'pass' }],
    ['comes twice', good + good, { status: 'pass' }],
    ['is followed by garbage', `${good}garbage`, { status: 'pass' }],
  ])('are judged each by its own response, also after one that %s (INV-49)', async (_what, text, verdict) => {
    const served = await answeringInTurn([good, text, good, text]);
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}/`, method: 'GET', maxBodyBytes: 50 });
    const fine = { status: 'pass', measured: { statusCode: 200, bodyBytes: 2 } };
    for (const expected of [fine, verdict, fine, verdict, fine]) {
      expect(await probe(deadline(200))).toMatchObject(expected);
    }
    await until(() => served.open.size === 0);
    expect(served.accepted()).toBe(5);
  });

  it('get each the response to its own request when they run at once', async () => {
    let asked = 0;
    const served = await listen(createServer((_request, response) => response.writeHead(200 + asked++).end()));
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}/` });
    for (let round = 0; round < 3; round += 1) {
      asked = 0;
      const verdicts = await Promise.all(Array.from({ length: 20 }, () => probe(deadline())));
      const statuses = verdicts.map(({ measured }) => Number(measured?.['statusCode']));
      expect(statuses.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => 200 + index));
    }
  });

  it('share one client, and take another after one that was cut', async () => {
    const served = await answeringInTurn([good, good, good, 'HTTP/1.1 200 OK\r\n']);
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}/`, method: 'GET' });
    const clients = clientsFromNow();
    const clientsAfterCheck = async (): Promise<number> => {
      await probe(deadline(200));
      await until(() => served.open.size === 0);
      return clients();
    };
    expect([await clientsAfterCheck(), await clientsAfterCheck(), await clientsAfterCheck()]).toEqual([1, 1, 1]);
    expect([await clientsAfterCheck(), await clientsAfterCheck(), await clientsAfterCheck()]).toEqual([1, 2, 2]);
  });
});

describe('an HTTP/1.1 connection', () => {
  it('has a client of its own when opened while the last one still closes, so that no late error of the last can reach it', async () => {
    const { port } = await answeringInTurn([good, good]);
    const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')] as const;
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const check: Check = {
      signal: new AbortController().signal,
      phase: () => undefined,
      defer: () => undefined,
      elapsedMs: () => 0,
    };
    const request = { method: 'GET', path: '/', headers: {}, body: undefined, maxBodyBytes: 50 };
    const connections = new Http1Connections(`http://127.0.0.1:${port}`);
    const clients = clientsFromNow();
    for (const socket of sockets) {
      const http = connections.over(socket);
      expect(await http.request(check, request)).toMatchObject({ status: 200 });
      http.close();
    }
    expect(clients()).toBe(2);
  });
});
