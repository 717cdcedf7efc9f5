import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Forked, fork } from '../process/forked.ts';
import { launchBrowser } from './launch.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

/** Opens the page a program names; what the browser complains of, blocked scripts and styles too, stands in `complaints`. */
async function open(program: Forked, named: RegExp, colorScheme: 'light' | 'dark') {
  const url = /http:\S+/.exec(await program.line(named))?.[0] ?? '';
  const context = await browser.newContext({ colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(url);
  return { page, complaints };
}

/** What axe finds wrong with the page; it comes by the debugger, past the page's own policy. */
async function barriers(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`);
}

describe('the pages of the examples', () => {
  it('show the live feed, over either transport', async () => {
    await using program = fork(process.execPath, 'examples/live-feed/dist/main.js', '--port', '0');
    const { page, complaints } = await open(program, /^The feed: /, 'light');
    await page.getByText('open', { exact: true }).waitFor();
    await page.locator('#health li', { hasText: 'payments' }).getByText('healthy').waitFor();
    await page.locator('#orders li').first().waitFor();
    await page.locator('#figures dd').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByText('Server-sent events').click();
    await page.locator('#health li', { hasText: 'shop' }).getByText('healthy').waitFor();
    expect(await page.locator('#orders li').count()).toBe(0);
    program.signal('SIGTERM');
    await page.getByText('told to go (draining)').waitFor();
    await page.close();
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(complaints.filter((complaint) => !complaint.includes('ERR_'))).toEqual([]);
  });

  it('show the observatory’s desk, whose keys make real trouble', async () => {
    await using program = fork(process.execPath, 'examples/observatory/dist/main.js', '--port', '0');
    const { page, complaints } = await open(program, /^Controls: /, 'dark');
    const web = page.locator('#targets li', { hasText: 'an HTTP server' }).first();
    await web.getByText('healthy', { exact: true }).waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('1');
    await page.keyboard.press('d');
    await web.getByText('connection refused').waitFor();
    expect(await web.getByRole('button', { pressed: true }).textContent()).toBe('down');
    await program.line(/web is unhealthy \(connection refused\)/);
    await web.getByRole('button', { name: 'well' }).click();
    await web.getByText('healthy', { exact: true }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
