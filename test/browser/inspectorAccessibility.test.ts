import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect } from 'vitest';
import { it } from './browserTest.ts';
import { type ShownProgram, showProgram } from './shownProgram.ts';
import { colourRules, type Look, violationsOf } from './violations.ts';

const wide = { width: 1440, height: 900 };
const narrow = { width: 420, height: 860 };

/** All that changes with the actor that is chosen. */
const ofTheChosen = ['main', 'aside', '[role=treeitem][aria-selected=true]'];

// Axe costs more than the page it looks at, most of all its first look: all that it has to see, one page shows.
describe('the accessibility of the inspector page', () => {
  let shown: ShownProgram;
  let page: Page;

  it.beforeAll(async ({ browser }) => {
    shown = await showProgram(browser, {
      inspect: { access: 'link', commands: ['pause', 'resume'] },
      context: { colorScheme: 'dark' },
    });
    page = shown.page;
  });

  afterAll(() => shown?.[Symbol.asyncDispose]());

  afterEach(async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Population' }).waitFor();
  });

  const findNothing = async (look?: Look) => expect(await violationsOf(page, look)).toEqual([]);

  const turnTheme = async () => {
    const theme = await page.locator('html').getAttribute('data-theme');
    await page.keyboard.press('t');
    await page.locator(`html:not([data-theme=${theme}])`).waitFor();
  };

  /** Looks at the page, or parts of it, at both widths, in both themes. */
  const lookAround = async (look?: Look) => {
    for (const size of [narrow, wide]) {
      await page.setViewportSize(size);
      await turnTheme();
      await findNothing(look);
      await turnTheme();
      await findNothing({ ...look, rules: colourRules });
      expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    }
  };

  const select = async (name: string) => {
    await shown.row(name).click();
    await page.getByRole('heading', { name }).waitFor();
  };

  it('has no violation of axe in the overview', async () => {
    await lookAround();
  });

  it('has no violation of axe in an actor', async () => {
    await select('leaky');
    await page.getByRole('cell', { name: 'verdict.judged' }).first().waitFor();
    await lookAround({ within: ofTheChosen });
  });

  it('has no violation of axe in the tabs of an actor', async () => {
    await select('leaky');
    await page.keyboard.press('4');
    await page.getByRole('button', { name: 'Trace for 10 s' }).click();
    const traced = page.getByRole('cell', { name: /^monitor:leaky:\d+ › supervisor$/ });
    // Not too often: each check makes the tables longer for all that follows.
    const messagesTraced = () => {
      shown.keeper.monitorOf('leaky')?.check();
      return traced.count();
    };
    await expect.poll(messagesTraced, { interval: 300 }).toBeGreaterThan(0);
    const tabs = [
      ['2', page.getByRole('img', { name: 'messages, the latest' })],
      ['3', page.getByText('now', { exact: true }).last()],
      ['4', traced.first()],
    ] as const;
    for (const size of [wide, narrow]) {
      await page.setViewportSize(size);
      for (const [key, content] of tabs) {
        await page.keyboard.press(key);
        await content.waitFor();
        await findNothing({ within: ['.actor-tabs'] });
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
      await turnTheme();
    }
    await page.setViewportSize(wide);
    await page.keyboard.press('1');
  });

  it('has no violation of axe in the past of an actor, with its downloads', async () => {
    await select('leaky');
    await page.getByRole('region', { name: 'Replay' }).waitFor();
    await page.keyboard.press(',');
    await page.locator('.replay.is-past').waitFor();
    await page.getByText('Export', { exact: true }).click();
    await findNothing({ within: ofTheChosen });
    await page.getByText('Export', { exact: true }).click();
    await page.keyboard.press('Escape');
  });

  it('has no violation of axe on the page of an actor that was paused for a while', async () => {
    await select('fine');
    await page.getByRole('combobox', { name: 'How long to pause' }).selectOption('for 5 min');
    await page.getByRole('button', { name: 'pause', exact: true }).click();
    await shown.row('fine').filter({ hasText: 'paused' }).waitFor();
    await turnTheme();
    await findNothing();
    await turnTheme();
  });

  it('has no violation of axe in the coverage of a chart, by all actors and by one', async () => {
    await turnTheme();
    await page.getByRole('button', { name: 'Coverage' }).click();
    await page.getByText(/transitions taken since the program started/).click();
    await findNothing({ within: ['main'] });
    await select('leaky');
    await page.getByText(/transitions taken by it/).waitFor();
    await findNothing({ within: ['main'] });
    await turnTheme();
  });
});
