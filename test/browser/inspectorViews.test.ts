import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect } from 'vitest';
import { it } from './browserTest.ts';
import { secrets } from './mixedProgram.ts';
import { type ShownProgram, showProgram } from './shownProgram.ts';

describe('the inspector page', () => {
  let shown: ShownProgram;
  let page: Page;

  it.beforeAll(async ({ browser }) => {
    shown = await showProgram(browser);
    page = shown.page;
  });

  afterAll(() => shown?.[Symbol.asyncDispose]());

  // The views change nothing of the program: one page serves them all, and each leaves it as it was opened.
  afterEach(async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Population' }).waitFor();
    await shown.row('fine').waitFor();
  });

  it('counts the actors in each state of the chart, and lists those of a state that is clicked, or chosen by a key', async () => {
    const unhealthy = page.getByRole('button', { name: 'unhealthy 1 actors in watching health' });
    const showAll = page.getByRole('button', { name: 'Only monitors in watching.health.unhealthy: show all again' });
    for (const choose of [() => unhealthy.click(), () => unhealthy.press('Enter')]) {
      await choose();
      await shown.row('leaky').waitFor();
      await shown.row('fine').waitFor({ state: 'detached' });
      await showAll.click();
      await shown.row('fine').waitFor();
    }
  });

  it('goes to the next problem by a key, and explains it', async () => {
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'broken' }).waitFor();
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'leaky' }).waitFor();
    await page.getByText('The program is not ready, because this target is required.').waitFor();
    await page.getByRole('button', { name: /^unhealthy .*, active in watching health$/ }).waitFor();
    await page.getByRole('cell', { name: 'verdict.judged' }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Population' }).waitFor();
  });

  it('lists the dependencies of an actor, and leads to the root cause', async () => {
    await shown.row('orders').click();
    await page.getByText(/cannot be counted on: .* The root cause is leaky/).waitFor();
    await page.getByRole('button', { name: 'leaky root cause unhealthy' }).click();
    await page.getByRole('heading', { name: 'leaky' }).waitFor();
  });

  it('is sent no secret, only the marks in their place', async () => {
    for (const name of ['leaky', 'broken']) {
      await shown.row(name).click();
      await page.getByRole('heading', { name }).waitFor();
      // Core has its own mark for what it hides in a detail; the inspector's stands where it hides something itself.
      await page
        .getByRole('cell', { name: /\[redacted\]|\*\*\*/ })
        .first()
        .waitFor();
    }
    const wire = shown.received.join('\n');
    expect(wire).toContain('[redacted]');
    for (const secret of secrets) expect(wire).not.toContain(secret);
  });

  it('shows on the chart which transitions were never taken, by all actors and by one', async () => {
    await page.getByRole('button', { name: 'Coverage' }).click();
    await page.getByText(/transitions taken since the program started/).click();
    await page.getByRole('listitem').filter({ hasText: 'watching › stability › flapping' }).waitFor();
    expect(await page.getByRole('button', { name: /^healthy .*never taken$/ }).count()).toBe(0);
    await shown.row('leaky').click();
    await page.getByText(/transitions taken by it/).waitFor();
    await page.getByRole('button', { name: /^error .*never taken$/ }).waitFor();
  });
});
