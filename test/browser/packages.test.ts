import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSupervisor, type Supervisor } from '@watchkeeper/core';
import { sseFeed } from '@watchkeeper/http';
import { createHub } from '@watchkeeper/websocket';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect } from 'vitest';
import { it } from './browserTest.ts';
import { bundle } from './bundle.ts';

/** Everything that is meant for browsers, where a page's script can reach it. */
const everything = `
  import * as core from '@watchkeeper/core';
  import { watchSse } from '@watchkeeper/http/client';
  import * as testing from '@watchkeeper/testing';
  import { createClient } from '@watchkeeper/websocket/client';
  Object.assign(window, { ...core, ...testing, watchSse, createClient });
`;

const html = '<!doctype html><title>packages</title><script type="module" src="/entry.js"></script>';

describe('in a real browser', () => {
  let page: Page;
  let keeper: Supervisor;
  let server: Server;
  let code: string;
  const failures: string[] = [];

  it.beforeAll(async ({ browser }) => {
    code = await bundle(everything);
    keeper = createSupervisor();
    keeper.start();
    const feed = sseFeed(keeper);
    server = createServer((request, response) => {
      if (request.url === '/feed') feed(request, response);
      else if (request.url === '/entry.js') response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(code);
      else response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
    });
    createHub(keeper).attach(server, '/hub');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    page = await browser.newPage();
    page.on('pageerror', (error) => failures.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => Reflect.has(window, 'createSupervisor'));
  });

  afterAll(async () => {
    await page?.context().close();
    await keeper?.stop();
    server?.closeAllConnections();
    server?.close();
  });

  it('the packages for browsers need nothing of Node', () => {
    expect(code.match(/["']node:[^"']+["']/g)).toBeNull();
    expect(code.length).toBeGreaterThan(10_000);
    expect(failures).toEqual([]);
  });

  it('core supervises, tells and drains', async () => {
    const seen = await page.evaluate(async () => {
      const { createSupervisor, defineProbe } = window as unknown as typeof import('@watchkeeper/core');
      const keeper = createSupervisor({ drain: { graceMs: 1_000 } });
      const told: string[] = [];
      keeper.notifier('tab', (notice) => void told.push(notice.type === 'health' ? notice.health : notice.type));
      const online = keeper.monitor(
        'online',
        defineProbe('online', async () => ({ status: 'pass' })),
      );
      keeper.start();
      await new Promise<void>((resolve) => {
        online.health$.subscribe((health) => health === 'healthy' && resolve());
      });
      const { reason, notifiers } = await keeper.drain();
      return { reason, notifiers, last: told.at(-1) };
    });
    expect(seen).toEqual({ reason: 'drained', notifiers: { told: 1, evicted: 0 }, last: 'goaway' });
  });

  it('testing moves an hour in no time', async () => {
    const asked = await page.evaluate(async () => {
      const { createSupervisor } = window as unknown as typeof import('@watchkeeper/core');
      const { scriptedProbe, VirtualClock } = window as unknown as typeof import('@watchkeeper/testing');
      const clock = new VirtualClock();
      const keeper = createSupervisor({ clock });
      const probe = scriptedProbe('+');
      keeper.monitor('hourly', probe, { intervalMs: 60_000, jitter: 0 });
      keeper.start();
      await clock.advance(3_600_000);
      await keeper.stop();
      return { asked: probe.asked, pending: clock.pending };
    });
    expect(asked).toEqual({ asked: 61, pending: 0 });
  });

  it('the clients hear the feed and the hub of a server', async () => {
    const heard = await page.evaluate(async () => {
      const { watchSse } = window as unknown as typeof import('@watchkeeper/http/client');
      const { createClient } = window as unknown as typeof import('@watchkeeper/websocket/client');
      const fromFeed = new Promise<string>((resolve) => {
        const watch = watchSse(`${location.origin}/feed`, {
          onNotice: ({ type }) => {
            watch.close();
            resolve(type);
          },
        });
      });
      const client = createClient(`${location.origin.replace('http', 'ws')}/hub`);
      const fromHub = new Promise<string>((resolve) => {
        client.notices$.subscribe(({ type }) => resolve(type));
      });
      const heard = await Promise.all([fromFeed, fromHub]);
      client.close();
      return heard;
    });
    expect(heard).toEqual(['health', 'health']);
    await expect.poll(() => keeper.stats().sessions.taken).toBe(0);
  });
});
