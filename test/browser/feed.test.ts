import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSupervisor, type Supervisor } from '@watchkeeper/core';
import { sseFeed } from '@watchkeeper/http';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect } from 'vitest';
import { it } from './browserTest.ts';
import { bundleClient } from './bundleClient.ts';

const html = `<!doctype html><title>feed</title>
<script type="module">import * as client from '/client.js'; window.client = client;</script>`;

describe('the feed in a real browser', () => {
  let client: string;
  let page: Page;
  let keeper: Supervisor;
  let server: Server;
  let bare503: boolean;

  beforeAll(async () => {
    client = await bundleClient('packages/http/src/client.ts');
  });

  it.beforeEach(async ({ browser }) => {
    keeper = createSupervisor({ maxSessions: 1, retryAfterMs: 50 });
    keeper.start();
    bare503 = false;
    const feed = sseFeed(keeper, { retryMs: 50 });
    server = createServer((request, response) => {
      if (request.url === '/feed' && bare503) response.writeHead(503).end();
      else if (request.url === '/feed') feed(request, response);
      else if (request.url === '/client.js') response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(client);
      else response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  afterEach(async () => {
    await page?.context().close();
    await keeper?.stop();
    server?.closeAllConnections();
    server?.close();
  });

  const heard = (type: string) => page.waitForFunction((type) => Reflect.get(window, 'heard').includes(type), type);

  /** Opens an EventSource in the page; the types of what it hears stand in `window.heard`. */
  const openSource = () =>
    page.evaluate(() => {
      const source = new EventSource('/feed');
      const heard: string[] = [];
      for (const type of ['health', 'goaway', 'refused']) source.addEventListener(type, () => heard.push(type));
      Object.assign(window, { source, heard });
    });

  const readyState = () => page.evaluate(() => Reflect.get(window, 'source').readyState as number);

  it('is heard by an EventSource, which comes back after a refusal and after a drain', async () => {
    const slot = keeper.reserve();
    await openSource();
    await heard('refused');
    if (slot.reserved) slot.release();
    await heard('health');
    await keeper.drain({ graceMs: 1_000 });
    await heard('goaway');
    await page.evaluate(() => Reflect.get(window, 'heard').splice(0));
    await heard('refused');
    expect(await readyState()).not.toBe(2);
  });

  it('never answers an EventSource with 503, which would end it for good', async () => {
    bare503 = true;
    await openSource();
    await page.waitForFunction(() => Reflect.get(window, 'source').readyState === 2);
  });

  it('is followed by watchSse, which comes back even from a 503', async () => {
    bare503 = true;
    await page.evaluate(() => {
      const { watchSse } = Reflect.get(window, 'client');
      const heard: string[] = [];
      const watch = watchSse(`${location.origin}/feed`, {
        retryMs: 50,
        onNotice: ({ type }: { type: string }) => heard.push(type),
        report: ({ type }: { type: string }) => heard.push(type),
      });
      Object.assign(window, { watch, heard });
    });
    await heard('refused');
    bare503 = false;
    await heard('health');
    expect(keeper.stats().sessions.open).toBe(1);
    await page.evaluate(() => Reflect.get(window, 'watch').close());
    await heard('closed');
    await expect.poll(() => keeper.stats().sessions.taken).toBe(0);
  });
});
