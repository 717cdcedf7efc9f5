import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const source = readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** All that depends on colours, which is all that another theme of a page already looked at could get wrong. */
export const colourRules: readonly string[] = ['color-contrast', 'link-in-text-block'];

/** Options of axe: the part of a page it looks at and the rules; by default all of it by all rules. */
export type Look = {
  /** The only parts that differ from a page already looked at, as selectors. */
  readonly within?: readonly string[];
  readonly rules?: readonly string[];
};

/**
 * What axe finds wrong with a page as it is now, a line each.
 *
 * It comes by the debugger, past the page's own policy.
 */
export async function violationsOf(page: Page, { within, rules }: Look = {}): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(await source);
  const context = within === undefined ? 'document' : JSON.stringify({ include: within });
  const found: unknown = await page.evaluate(`
    axe.run(${context}, ${JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) })}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')))
  `);
  return found as string[];
}
