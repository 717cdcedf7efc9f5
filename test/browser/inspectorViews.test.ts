import { createSupervisor, defineProbe, type Supervisor } from '@watchkeeper/core';
import { type CommandRecord, type Inspector, inspect } from '@watchkeeper/inspector';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './launch.ts';
import { violationsOf } from './violations.ts';

const secrets = ['hunter2', 's3cret-value', 't0psecret', 'sk_live_4eC39HqLyjWDarjtT1', 'ghp_abcdefghijklmnopqrst1234'];

/** A supervisor with one monitor of each sort, one of which has secrets on its lips. */
function mixedProgram(): Supervisor {
  const keeper = createSupervisor({ name: 'mixed', drain: { graceMs: 60_000, deadlineMs: 120_000 } });
  const quick = { intervalMs: 60, jitter: 0 };
  keeper.monitor(
    'fine',
    defineProbe('fine', async () => ({ status: 'pass', latencyMs: 3 })),
    quick,
  );
  keeper.monitor(
    'slow',
    defineProbe('slow', async () => ({ status: 'warn', latencyMs: 900 })),
    quick,
  );
  const leak = `no answer from https://bob:${secrets[0]}@db/?token=${secrets[1]} with password=${secrets[2]}, ${secrets[3]}`;
  keeper.monitor(
    'leaky',
    defineProbe('leaky', async () => ({ status: 'fail', detail: leak })),
    quick,
  );
  keeper.monitor(
    'orders',
    defineProbe('orders', async () => ({ status: 'pass' })),
    { ...quick, dependsOn: ['leaky'] },
  );
  const broken = defineProbe('broken', async () => {
    throw new Error(`refused for ${secrets[4]}`);
  });
  keeper.monitor('broken', broken, quick);
  keeper
    .monitor(
      'resting',
      defineProbe('resting', async () => ({ status: 'pass' })),
      quick,
    )
    .pause();
  keeper.notifier('client-1', () => {});
  const slot = keeper.reserve('127.0.0.1');
  if (slot.reserved) slot.open({ goaway: () => {}, close: () => {} });
  keeper.start();
  return keeper;
}

describe('the views of the inspector', () => {
  let browser: Browser;
  let page: Page;
  let keeper: Supervisor;
  let inspector: Inspector;
  const records: CommandRecord[] = [];
  const received: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser?.close());

  async function open(options: BrowserContextOptions = {}, commands: readonly ('pause' | 'resume' | 'drain')[] = []) {
    keeper = mixedProgram();
    records.length = 0;
    received.length = 0;
    inspector = await inspect(keeper, {
      port: 0,
      history: 'always',
      access: commands.length > 0 ? 'link' : 'machine',
      commands,
      onCommand: (entry) => records.push(entry),
    });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
    page.setDefaultTimeout(8_000);
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => received.push(payload.toString())));
    await page.goto(inspector.url);
    await row('broken').filter({ hasText: 'error' }).waitFor();
  }

  afterEach(async () => {
    await page.context().close();
    await inspector.close();
    await keeper.stop();
  });

  const row = (name: string) => page.getByRole('treeitem').filter({ hasText: name });

  it('count heads in the chart, and show the actors of a state that is clicked, or chosen by a key', async () => {
    await open();
    await page.getByRole('button', { name: 'unhealthy 1 actors in watching health' }).click();
    await row('leaky').waitFor();
    await row('fine').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Only monitors in watching.health.unhealthy: show all again' }).click();
    await row('fine').waitFor();
    await page.getByRole('button', { name: 'unhealthy 1 actors in watching health' }).press('Enter');
    await row('fine').waitFor({ state: 'detached' });
  });

  it('go to the next problem by a key, and say why it is one', async () => {
    await open();
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

  it('say what an actor rests on, and lead to the root cause', async () => {
    await open();
    await row('orders').click();
    await page.getByText(/cannot be counted on: .* The root cause is leaky/).waitFor();
    await page.getByRole('button', { name: 'leaky root cause unhealthy' }).click();
    await page.getByRole('heading', { name: 'leaky' }).waitFor();
  });

  it('keep secrets back: none reaches the wire, and the marks do', async () => {
    await open();
    for (const name of ['leaky', 'broken']) {
      await row(name).click();
      await page.getByRole('heading', { name }).waitFor();
      await page.getByRole('cell', { name: '[redacted]' }).first().waitFor();
    }
    const wire = received.join('\n');
    expect(wire).toContain('[redacted]');
    for (const secret of secrets) expect(wire).not.toContain(secret);
  });

  it('do what the program allows, write it down, and show nothing else', async () => {
    await open({}, ['pause', 'resume']);
    expect(page.url()).not.toContain('t=');
    await row('fine').click();
    await page.getByRole('button', { name: 'pause', exact: true }).click();
    await row('fine').filter({ hasText: 'paused' }).waitFor();
    expect(await page.getByRole('button', { name: 'stop', exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'resume', exact: true }).click();
    await row('fine').filter({ hasText: 'healthy' }).waitFor();
    await page.getByRole('combobox', { name: 'How long to pause' }).selectOption('for 5 min');
    await page.getByRole('button', { name: 'pause', exact: true }).click();
    await row('fine').filter({ hasText: 'paused' }).waitFor();
    expect(records.map(({ name, monitor, ttlMs, ok }) => [name, monitor, ttlMs, ok])).toEqual([
      ['pause', 'fine', undefined, true],
      ['resume', 'fine', undefined, true],
      ['pause', 'fine', 300_000, true],
    ]);
    expect(await violationsOf(page)).toEqual([]);
  });

  it('show on the chart what was never taken, by all and by one', async () => {
    await open();
    await page.getByRole('button', { name: 'Coverage' }).click();
    await page.getByText(/transitions taken since the program started/).click();
    await page.getByRole('listitem').filter({ hasText: 'watching › stability › flapping' }).waitFor();
    expect(await page.getByRole('button', { name: /^healthy .*never taken$/ }).count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    await row('leaky').click();
    await page.getByText(/transitions taken by it/).waitFor();
    await page.getByRole('button', { name: /^error .*never taken$/ }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('show a drain by its phases and who has left', async () => {
    await open();
    void keeper.drain();
    const operations = page.getByRole('region', { name: 'Operations' });
    await operations.getByText('Draining', { exact: true }).waitFor();
    await operations.locator('[aria-current="step"]', { hasText: 'grace' }).waitFor();
    await operations.getByText('force when the grace ends').waitFor();
    await operations.getByRole('progressbar', { name: 'Time until force' }).waitFor();
    await operations.getByRole('group', { name: 'Still here' }).getByRole('button', { name: '1 session' }).click();
    await page.getByText('It was told to go, and had 60000 ms for that.').waitFor();
    await page.getByRole('term').filter({ hasText: 'peerLeaving' }).waitFor();
    await keeper.stop();
    await operations.getByText('Drained').waitFor();
    await operations.getByText('1 forced').waitFor();
  });

  it.each([
    ['dark', 1440, 900],
    ['light', 420, 860],
  ] as const)('have nothing for axe to find, %s first, at %i pixels', async (colorScheme, width, height) => {
    await open({ colorScheme, viewport: { width, height }, reducedMotion: 'reduce' });
    const findNothing = async () => expect(await violationsOf(page)).toEqual([]);
    const findNothingInBoth = async () => {
      for (const _theme of ['first', 'other']) {
        await findNothing();
        await page.keyboard.press('t');
      }
    };
    await findNothingInBoth();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
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
    await page
      .getByRole('cell', { name: /^monitor:leaky:\d+ › supervisor$/ })
      .first()
      .waitFor();
    await findNothing();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });
});
