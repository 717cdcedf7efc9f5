import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Attempt } from '../src/check/runCheck.ts';
import { HttpLines } from '../src/http/http1Connection.ts';
import { HttpClient } from '../src/http/undiciClient.ts';
import { httpProbe } from '../src/http.ts';
import { listen, serve } from './fixtures/servers.ts';
import { until, within } from './fixtures/signals.ts';

/** How many clients were given a socket from now on. */
const clientsFromNow = (): (() => number) => {
  const given = vi.spyOn(HttpClient.prototype, 'give');
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

describe('checks of one probe', () => {
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
  ])('are judged each by its own answer, also after one that %s (INV-49)', async (_what, text, verdict) => {
    const served = await answeringInTurn([good, text, good, text]);
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}/`, method: 'GET', maxBodyBytes: 50 });
    const fine = { status: 'pass', measured: { statusCode: 200, bodyBytes: 2 } };
    for (const expected of [fine, verdict, fine, verdict, fine]) {
      expect(await probe(within(200))).toMatchObject(expected);
    }
    await until(() => served.open.size === 0);
    expect(served.accepted()).toBe(5);
  });

  it('that run at once get each the answer to its own question', async () => {
    let asked = 0;
    const served = await listen(createServer((_request, response) => response.writeHead(200 + asked++).end()));
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}/` });
    for (let round = 0; round < 3; round += 1) {
      asked = 0;
      const verdicts = await Promise.all(Array.from({ length: 20 }, () => probe(within())));
      const statuses = verdicts.map(({ measured }) => Number(measured?.['statusCode']));
      expect(statuses.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => 200 + index));
    }
  });

  it('ask through one client, and through another after one that was cut', async () => {
    const served = await answeringInTurn([good, good, good, 'HTTP/1.1 200 OK\r\n']);
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}/`, method: 'GET' });
    const clients = clientsFromNow();
    const ask = async (): Promise<number> => {
      await probe(within(200));
      await until(() => served.open.size === 0);
      return clients();
    };
    expect([await ask(), await ask(), await ask()]).toEqual([1, 1, 1]);
    expect([await ask(), await ask(), await ask()]).toEqual([1, 2, 2]);
  });
});

describe('a line', () => {
  it('that is opened while the last one still closes has a client of its own, which no late error of the last can reach', async () => {
    const { port } = await answeringInTurn([good, good]);
    const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')] as const;
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const attempt: Attempt = {
      signal: new AbortController().signal,
      stage: () => undefined,
      defer: () => undefined,
      elapsedMs: () => 0,
    };
    const question = { method: 'GET', path: '/', headers: {}, body: undefined, maxBodyBytes: 50 };
    const lines = new HttpLines(`http://127.0.0.1:${port}`);
    const clients = clientsFromNow();
    for (const socket of sockets) {
      const line = lines.over(socket);
      expect(await line.ask(attempt, question)).toMatchObject({ status: 200 });
      line.close();
    }
    expect(clients()).toBe(2);
  });
});
