import type { Browser } from 'playwright-core';
import { describe, expect, onTestFinished } from 'vitest';
import { type Forked, fork } from '../process/forked.ts';
import { it } from './browserTest.ts';
import { violationsOf } from './violations.ts';

/** Opens the page a program names; what the browser complains of, blocked scripts and styles too, stands in `complaints`. */
async function open(browser: Browser, program: Forked, named: RegExp, colorScheme: 'light' | 'dark') {
  const url = /http:\S+/.exec(await program.line(named))?.[0] ?? '';
  const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(url);
  return { page, complaints };
}

describe('the pages of the examples', () => {
  it('show the live feed, over either transport', async ({ browser }) => {
    await using program = fork(process.execPath, 'examples/live-feed/dist/main.js', '--port', '0');
    const { page, complaints } = await open(browser, program, /^The feed: /, 'light');
    await page.getByText('open', { exact: true }).waitFor();
    await page.locator('#health li', { hasText: 'payments' }).getByText('healthy').waitFor();
    await page.locator('#orders li').first().waitFor();
    await page.locator('#figures dd').first().waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByText('Server-sent events').click();
    await page.locator('#health li', { hasText: 'shop' }).getByText('healthy').waitFor();
    expect(await page.locator('#orders li').count()).toBe(0);
    program.signal('SIGTERM');
    await page.getByText('told to go (draining)').waitFor();
    await page.context().close();
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(complaints.filter((complaint) => !complaint.includes('ERR_'))).toEqual([]);
  });

  it('show the observatory’s desk, whose keys make real trouble', async ({ browser }) => {
    await using program = fork(process.execPath, 'examples/observatory/dist/main.js', '--port', '0');
    const { page, complaints } = await open(browser, program, /^Controls: /, 'dark');
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
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
