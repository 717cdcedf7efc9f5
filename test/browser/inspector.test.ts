import { createSupervisor, defineProbe, type Supervisor, type Verdict } from '@watchkeeper/core';
import { type Inspector, inspect } from '@watchkeeper/inspector';
import type { Page } from 'playwright-core';
import { afterAll, beforeEach, describe, expect } from 'vitest';
import { it } from './browserTest.ts';

const healthy = /(?<!un)healthy/;

describe('the inspector page', () => {
  let page: Page;
  let keeper: Supervisor;
  let inspector: Inspector;
  const verdicts: Record<string, Verdict> = {};
  const complaints: string[] = [];
  const hosts = new Set<string>();

  /** Has the target of a monitor answer this from now on, beginning with a check at once. */
  const judge = (id: string, verdict: Verdict) => {
    verdicts[id] = verdict;
    keeper.monitorOf(id)?.check();
  };

  it.beforeAll(async ({ browser }) => {
    keeper = createSupervisor({ name: 'walked' });
    for (const id of ['api', 'disk']) {
      const probe = defineProbe(id, async () => verdicts[id] ?? { status: 'pass' });
      keeper.monitor(id, probe, { intervalMs: 60_000, jitter: 0 });
    }
    keeper.notifier('client-1', () => {});
    const slot = keeper.reserve('127.0.0.1');
    if (slot.reserved) slot.open({ goaway: () => {}, close: () => {} });
    keeper.start();
    inspector = await inspect(keeper, { port: 0 });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(inspector.url);
  });

  // One page serves all: each test finds both targets healthy.
  beforeEach(async () => {
    for (const id of ['api', 'disk']) judge(id, { status: 'pass' });
    for (const id of ['api', 'disk']) await row(id).filter({ hasText: healthy }).waitFor();
  });

  afterAll(async () => {
    await page?.context().close();
    await inspector?.close();
    await keeper?.stop();
  });

  const row = (name: string) => page.getByRole('treeitem').filter({ hasText: name });

  it('lists every actor with its live state, from this machine alone and without a complaint', async () => {
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await row('api').filter({ hasText: healthy }).waitFor();
    await row('client-1').filter({ hasText: 'reading · ready' }).waitFor();
    judge('api', { status: 'fail', detail: 'gone' });
    await row('api').filter({ hasText: 'unhealthy' }).waitFor();
    expect(await row('disk').textContent()).toMatch(healthy);
    expect(Array.from(hosts)).toEqual([`127.0.0.1:${inspector.port}`]);
    expect(complaints).toEqual([]);
  });

  it('finds by name, filters by health and clears both with escape', async () => {
    await row('api').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('disk');
    await row('api').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await row('api').waitFor();
    judge('disk', { status: 'warn' });
    await page.getByRole('button', { name: '2 degraded', exact: true }).click();
    await row('api').waitFor({ state: 'detached' });
    expect(await row('disk').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await row('api').waitFor();
  });

  it('stops updating while paused, and shows the current state when resumed', async () => {
    await row('api').filter({ hasText: healthy }).waitFor();
    await page.getByRole('button', { name: 'Pause the view' }).click();
    await page.getByRole('status').filter({ hasText: 'Paused' }).waitFor();
    judge('api', { status: 'fail' });
    await expect.poll(() => keeper.monitorOf('api')?.health).toBe('unhealthy');
    expect(await row('api').textContent()).not.toContain('unhealthy');
    await page.getByRole('button', { name: 'Resume the view' }).click();
    await row('api').filter({ hasText: 'unhealthy' }).waitFor();
  });

  it('reconnects by itself when the program restarts', async () => {
    await row('api').waitFor();
    const { port } = inspector;
    await inspector.close();
    await page.getByRole('status').filter({ hasText: 'Reconnecting' }).waitFor();
    inspector = await inspect(keeper, { port });
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  });
});
