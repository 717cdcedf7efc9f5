import { type Inspector, inspect } from '@watchkeeper/inspector';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Actor, createActor, setup } from 'xstate';
import { launchBrowser } from './launch.ts';
import { violationsOf } from './violations.ts';

const orderMachine = setup({
  types: { events: {} as { type: 'pay' | 'ship' | 'cancel' | 'retry' } },
  guards: { isPaid: () => true },
}).createMachine({
  id: 'order',
  type: 'parallel',
  states: {
    payment: {
      initial: 'due',
      states: {
        due: { on: { pay: 'paid', cancel: 'refused' } },
        paid: { type: 'final' },
        refused: { on: { retry: 'due' } },
      },
    },
    parcel: {
      initial: 'packing',
      states: {
        packing: { on: { ship: { guard: 'isPaid', target: 'underway' } } },
        underway: { after: { 600000: 'lost' } },
        lost: {},
      },
    },
  },
});

describe('a plain XState program in the inspector', () => {
  let browser: Browser;
  let page: Page;
  let actor: Actor<typeof orderMachine>;
  let inspector: Inspector;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    actor = createActor(orderMachine, { id: 'order-1' }).start();
    inspector = await inspect(actor, { port: 0 });
  });

  afterEach(async () => {
    await page.context().close();
    await inspector.close();
    actor.stop();
  });

  async function open() {
    const complaints: string[] = [];
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    await page.goto(inspector.url);
    return complaints;
  }

  it('has its chart laid out in a worker as it arrives, under a policy without eval, and followed step by step', async () => {
    const complaints = await open();
    await page.getByRole('button', { name: 'due 1 actors in payment' }).waitFor();
    await page.getByRole('treeitem').filter({ hasText: 'order-1' }).click();
    await page.getByRole('button', { name: 'due, active in payment' }).waitFor();
    // It is followed step by step from the program's next look on.
    const toAndFro = () => {
      for (const type of ['cancel', 'retry'] as const) actor.send({ type });
      return page.getByRole('cell', { name: 'due › refused' }).count();
    };
    await expect.poll(toAndFro, { timeout: 10_000 }).toBeGreaterThan(0);
    actor.send({ type: 'ship' });
    await page.getByRole('button', { name: 'underway, active in parcel' }).waitFor();
    await page.getByRole('cell', { name: 'packing › underway [isPaid]' }).waitFor();
    await page.getByText('600000 in underway').waitFor();
    await page.keyboard.press(',');
    await page.getByRole('button', { name: 'packing, active in parcel' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
