import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createSupervisor, defineProbe, type Supervisor, type Verdict } from '@watchkeeper/core';
import { type Inspector, inspect } from '@watchkeeper/inspector';
import type { Page } from 'playwright-core';
import { afterAll, beforeEach, describe, expect, vi } from 'vitest';
import { it } from './browserTest.ts';
import { violationsOf } from './violations.ts';

const wide = { width: 1440, height: 900 };
const narrow = { width: 420, height: 860 };

describe('the past of an actor', () => {
  let page: Page;
  let keeper: Supervisor;
  let inspector: Inspector;
  let folder: string;

  // One page serves all: each test finds it live, on a monitor that went from healthy to unhealthy and has gone to rest.
  it.beforeAll(async ({ browser }) => {
    folder = await mkdtemp(join(tmpdir(), 'recordings-'));
    let verdict: Verdict = { status: 'pass' };
    keeper = createSupervisor({ name: 'shop' });
    const probe = defineProbe('api', async () => verdict);
    keeper.monitor('api', probe, { intervalMs: 60_000, jitter: 0, failureThreshold: 1 });
    inspector = await inspect(keeper, { port: 0, history: 'always' });
    keeper.start();
    await vi.waitFor(() => expect(keeper.monitorOf('api')?.health).toBe('healthy'), 60_000);
    verdict = { status: 'fail', detail: 'gone' };
    keeper.monitorOf('api')?.check();
    await vi.waitFor(() => expect(keeper.monitorOf('api')?.health).toBe('unhealthy'), 60_000);
    page = await browser.newPage({ viewport: wide, colorScheme: 'light', reducedMotion: 'reduce' });
    page.setDefaultTimeout(120_000);
    await page.goto(inspector.url);
    await row('api').filter({ hasText: 'unhealthy' }).click();
    await page.getByRole('heading', { name: 'api' }).waitFor();
  });

  // Whenever the page turns to the monitor, it is followed step by step from there on.
  beforeEach(async () => {
    await replay().waitFor();
    keeper.monitorOf('api')?.check();
    await page.getByRole('cell', { name: 'done', exact: true }).last().waitFor();
  });

  afterAll(async () => {
    await page?.context().close();
    await inspector?.close();
    await keeper?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const row = (name: string) => page.getByRole('treeitem').filter({ hasText: name });
  const shownState = (name: string) =>
    page.getByRole('button', { name: new RegExp(`^${name} .*, active in watching health$`) });
  const replay = () => page.getByRole('region', { name: 'Replay' });

  /** Takes something of the actor away, and answers its name and what is in it. */
  async function exported(what: string): Promise<{ name: string; path: string; text: string }> {
    await page.getByText('Export', { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: what, exact: true }).click(),
    ]);
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    return { name: download.suggestedFilename(), path, text: await readFile(path, 'utf8') };
  }

  it('can be replayed from before the page was opened, until the user returns to the present', async () => {
    await shownState('unhealthy').waitFor();
    await page.getByRole('row').filter({ hasText: 'starting › healthy' }).getByRole('button').click();
    await shownState('healthy').waitFor();
    await replay().getByRole('slider', { name: 'Moment' }).press('End');
    await shownState('unhealthy').waitFor();
    await replay().getByRole('slider', { name: 'Moment' }).press('Home');
    await shownState('starting').waitFor();
    await replay().getByRole('button', { name: 'Replay', exact: true }).click();
    await replay().getByRole('button', { name: 'Pause the replay' }).waitFor();
    await shownState('unhealthy').waitFor();
    await page.keyboard.press(',');
    await page.keyboard.press('Escape');
    await replay().getByRole('button', { name: 'Live', pressed: true }).waitFor();
  });

  it('is saved in a file that the page opens again, chosen or dropped', async () => {
    await page.setViewportSize(narrow);
    const leave = async () => {
      await page.getByRole('button', { name: 'Back to the program' }).click();
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    };
    const { name, path, text } = await exported('Recording');
    expect(name).toBe('monitor-api.json');
    await page.getByLabel('Open a recording').setInputFiles(path);
    await page.getByRole('status').filter({ hasText: 'Recording' }).waitFor();
    await page.getByRole('heading', { name: 'api' }).waitFor();
    await page.keyboard.press(',');
    await replay()
      .getByText(/^\d+\/\d+$/)
      .waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(narrow.width);
    await leave();
    const drop = (content: string) =>
      page.evaluate((content) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content], 'dropped.json'));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      }, content);
    await drop('{}');
    await page.getByRole('alert').filter({ hasText: 'This file is no recording of an actor.' }).waitFor();
    await drop(text);
    await page.getByRole('status').filter({ hasText: 'Recording' }).waitFor();
    await leave();
    await page.setViewportSize(wide);
  });

  it('is exported as a page of its own that needs no program, as a test and as a picture', async ({ browser }) => {
    const saved = await exported('Page with the recording');
    const test = await exported('Replay test');
    expect(test.name).toBe('monitor-api.test.ts');
    expect(test.text).toContain('replay(monitorMachine');
    const { text: picture } = await exported('Chart as SVG');
    const own = page;
    await inspector.close();
    page = await browser.newPage();
    await own.close();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await writeFile(join(folder, 'chart.svg'), picture);
    await page.goto(pathToFileURL(join(folder, 'chart.svg')).href);
    await page.getByText('unhealthy', { exact: true }).waitFor();
    await page.goto(pathToFileURL(saved.path).href);
    await page.getByRole('status').filter({ hasText: 'Recording' }).waitFor();
    await shownState('unhealthy').waitFor();
    await replay().getByRole('button', { name: 'One event back' }).click();
    await replay()
      .getByText(/^\d+\/\d+$/)
      .waitFor();
    expect(complaints).toEqual([]);
  });
});
