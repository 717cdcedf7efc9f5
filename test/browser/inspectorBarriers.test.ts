import { describe, expect } from 'vitest';
import { it } from './browserTest.ts';
import { showProgram } from './shownProgram.ts';
import { colourRules, violationsOf } from './violations.ts';

describe('the inspector page', () => {
  it.for([
    ['dark', 1440, 900],
    ['light', 420, 860],
  ] as const)(
    'has nothing for axe to find, %s first, at %i pixels',
    async ([colorScheme, width, height], { browser }) => {
      await using shown = await showProgram(browser, { context: { colorScheme, viewport: { width, height } } });
      const { keeper, page, row } = shown;
      const findNothing = async () => expect(await violationsOf(page)).toEqual([]);
      const findNothingInBoth = async () => {
        await findNothing();
        await page.keyboard.press('t');
        expect(await violationsOf(page, colourRules)).toEqual([]);
        await page.keyboard.press('t');
      };
      const overflows = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      await findNothingInBoth();
      expect(await overflows()).toBe(false);
      await row('leaky').click();
      await page.getByRole('heading', { name: 'leaky' }).waitFor();
      await page.getByRole('cell', { name: 'verdict.judged' }).first().waitFor();
      await findNothingInBoth();
      await page.keyboard.press('2');
      await page.getByRole('img', { name: 'messages, the latest' }).waitFor();
      await findNothing();
      await page.keyboard.press('3');
      await page.getByText('now', { exact: true }).last().waitFor();
      await findNothing();
      await page.keyboard.press('4');
      await page.getByRole('button', { name: 'Trace for 10 s' }).click();
      const traced = page.getByRole('cell', { name: /^monitor:leaky:\d+ › supervisor$/ });
      const messagesTraced = () => {
        keeper.monitorOf('leaky')?.check();
        return traced.count();
      };
      await expect.poll(messagesTraced, { timeout: 8_000 }).toBeGreaterThan(0);
      await findNothing();
      expect(await overflows()).toBe(false);
    },
  );
});
