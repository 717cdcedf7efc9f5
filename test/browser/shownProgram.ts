import type { Supervisor } from '@watchkeeper/core';
import { type InspectOptions, inspect } from '@watchkeeper/inspector';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { mixedProgram } from './mixedProgram.ts';

/** A mixed program and a page of its inspector, in a context of its own. Dispose it: page, inspector and program end. */
export interface ShownProgram extends AsyncDisposable {
  readonly keeper: Supervisor;
  readonly page: Page;
  /** Every message the page was sent, as it came over the wire. */
  readonly received: readonly string[];
  /** The row of an actor in the list. */
  row(name: string): Locator;
}

/** Starts a mixed program and opens its page, which has every verdict when this settles. */
export async function showProgram(
  browser: Browser,
  options: { inspect?: InspectOptions; context?: BrowserContextOptions } = {},
): Promise<ShownProgram> {
  const keeper = mixedProgram();
  const inspector = await inspect(keeper, { port: 0, history: 'always', ...options.inspect });
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options.context,
  });
  page.setDefaultTimeout(120_000);
  const received: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => received.push(payload.toString())));
  await page.goto(inspector.url);
  const row = (name: string) => page.getByRole('treeitem').filter({ hasText: name });
  await row('broken').filter({ hasText: 'error' }).waitFor();
  return {
    keeper,
    page,
    received,
    row,
    async [Symbol.asyncDispose]() {
      await page.context().close();
      await inspector.close();
      await keeper.stop();
    },
  };
}
