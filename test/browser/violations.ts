import axe from 'axe-core';
import type { Page } from 'playwright-core';

const search = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')))`;

/** What axe finds wrong with a page as it is now, a line each. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(search);
  return found as string[];
}
