import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { it } from './browserTest.ts';
import { launchBrowser, NoBrowserError } from './launch.ts';

const page = `<!doctype html><meta charset="utf-8"><title>tiny</title>
<button onclick="this.textContent = 'pressed'">press</button>`;

describe('launchBrowser', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterAll(() => {
    server?.close();
  });

  it('starts a browser that renders text and runs scripts', async ({ browser }) => {
    const tab = await browser.newPage();
    onTestFinished(() => tab.context().close());
    await tab.goto(url);
    await tab.getByRole('button', { name: 'press' }).click();
    expect(await tab.getByRole('button', { name: 'pressed' }).isVisible()).toBe(true);
    expect((await tab.getByRole('button').boundingBox())?.width).toBeGreaterThan(20);
  });

  it('starts a browser that reaches this machine only', async ({ browser }) => {
    const tab = await browser.newPage();
    onTestFinished(() => tab.context().close());
    await expect(tab.goto('http://watchkeeper.example/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED');
  });

  it('says in one line what was tried when there is no browser', async () => {
    const failure = await launchBrowser([
      { name: 'CHROME_PATH', find: async () => ({ executablePath: '/nowhere/chrome' }) },
      { name: 'an installed browser', find: async () => undefined },
    ]).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(NoBrowserError);
    expect((failure as Error).message).toMatch(/^No browser could be started: .*CHROME_PATH \(.+\).*\(none\)\.$/);
  });
});
