import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSupervisor, type Supervisor } from '@watchkeeper/core';
import { createHub, type Hub } from '@watchkeeper/websocket';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect } from 'vitest';
import { it } from './browserTest.ts';
import { bundleClient } from './bundleClient.ts';

const html = `<!doctype html><title>hub</title>
<script type="module">import * as client from '/client.js'; window.client = client;</script>`;

describe('the hub in a real browser', () => {
  let client: string;
  let page: Page;
  let server: Server;
  let keeper: Supervisor;
  let hub: Hub;
  const keepers: Supervisor[] = [];

  beforeAll(async () => {
    client = await bundleClient('packages/websocket/src/client/index.ts');
  });

  /** A supervisor with a hub takes the place of the one there was, as a new program does on the same port. */
  const startProgram = () => {
    keeper = createSupervisor();
    keepers.push(keeper);
    hub = createHub(keeper);
    hub.attach(server, '/feed');
    keeper.start();
  };

  it.beforeEach(async ({ browser }) => {
    server = createServer((request, response) => {
      if (request.url === '/client.js') response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(client);
      else response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    startProgram();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'client' in window);
    await page.evaluate(() => Object.assign(window, { heard: [] }));
  });

  afterEach(async () => {
    await page?.context().close();
    for (const each of keepers.splice(0)) await each.stop();
    server.closeAllConnections();
    server.close();
  });

  const heard = (word: string) => page.waitForFunction((word) => Reflect.get(window, 'heard').includes(word), word);

  /** Opens the browser's own WebSocket; what it hears stands in `window.heard`. */
  const openSocket = () =>
    page.evaluate(() => {
      const socket = new WebSocket(`ws://${location.host}/feed`);
      const { heard } = window as unknown as { heard: string[] };
      socket.addEventListener('message', ({ data }) => {
        const { type, topic, health } = JSON.parse(data);
        heard.push(type === 'health' ? `${topic} ${health}` : type);
      });
      socket.addEventListener('close', ({ code, wasClean }) => heard.push(`${code} ${wasClean ? 'clean' : 'broken'}`));
    });

  /** Runs our client in the page; its states and what it hears stand in `window.heard`. */
  const runClient = () =>
    page.evaluate(() => {
      const { createClient } = Reflect.get(window, 'client');
      const { heard } = window as unknown as { heard: string[] };
      const running = createClient(`ws://${location.host}/feed`, {
        retryMinMs: 20,
        retryMaxMs: 50,
        restartMinMs: 100,
        restartMaxMs: 200,
        leaveWithinMs: 20,
      });
      running.state$.subscribe((state: string) => heard.push(state));
      running.notices$.subscribe(({ topic, health }: { topic?: string; health?: string }) => {
        if (topic !== undefined) heard.push(`${topic} ${health}`);
      });
      Object.assign(window, { running });
    });

  it('tells a WebSocket the present state, each change, and that it is to go, and closes it with 1012', async () => {
    await openSocket();
    await heard(' healthy');
    keeper.broadcast({ type: 'health', topic: 'db', health: 'degraded' });
    await heard('db degraded');
    const report = await keeper.drain({ graceMs: 200 });
    await heard('goaway');
    await heard('1012 clean');
    expect(report.sessions).toMatchObject({ total: 1, forced: 1 });
    expect(report.unfinished).toEqual([]);
  });

  it('refuses a WebSocket before the upgrade when it is full, which a browser sees as a broken connection', async () => {
    hub.maxClients = 1;
    const slots = keeper.stats().sessions.taken;
    await openSocket();
    await heard(' healthy');
    await openSocket();
    await heard('1006 broken');
    expect([hub.clients, keeper.stats().sessions.taken]).toEqual([1, slots + 1]);
  });

  it('is left by its client when told to go, and found again, also after 1012', async () => {
    await runClient();
    await heard(' healthy');
    const leaving = await keeper.drain({ graceMs: 2_000 });
    expect(leaving.sessions).toMatchObject({ total: 1, early: 1 });
    await heard('leaving');
    startProgram();
    keeper.broadcast({ type: 'health', topic: 'second', health: 'healthy' });
    await heard('second healthy');
    const forced = await keeper.drain({ graceMs: 0 });
    expect(forced.sessions).toMatchObject({ total: 1, forced: 1 });
    await heard('waiting');
    startProgram();
    keeper.broadcast({ type: 'health', topic: 'third', health: 'unhealthy' });
    await heard('third unhealthy');
    expect(await page.evaluate(() => Reflect.get(window, 'running').healthOf('third'))).toBe('unhealthy');
    await page.evaluate(() => Reflect.get(window, 'running').close());
    await heard('stopped');
    await expect.poll(() => keeper.stats().sessions.taken).toBe(0);
  });
});
