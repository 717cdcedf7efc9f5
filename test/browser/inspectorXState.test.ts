import { type CommandRecord, type Inspector, inspect } from '@watchkeeper/inspector';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect } from 'vitest';
import { type Actor, createActor, setup } from 'xstate';
import { it } from './browserTest.ts';
import { violationsOf } from './violations.ts';

const orderMachine = setup({
  types: { events: {} as { type: 'pay' | 'ship' | 'unpack' | 'cancel' | 'retry' } },
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
        underway: { on: { unpack: 'packing' }, after: { 600000: 'lost' } },
        lost: {},
      },
    },
  },
});

describe('a plain XState program in the inspector', () => {
  let page: Page;
  let actor: Actor<typeof orderMachine>;
  let inspector: Inspector;
  const records: CommandRecord[] = [];
  const complaints: string[] = [];

  // One page serves all: each test finds it on the order, which is due and being packed.
  it.beforeAll(async ({ browser }) => {
    actor = createActor(orderMachine, { id: 'order-1' }).start();
    inspector = await inspect(actor, {
      port: 0,
      access: 'link',
      events: { order: ['cancel', 'retry', 'ship'] },
      onCommand: (entry) => records.push(entry),
    });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    await page.goto(inspector.url);
    await page.getByRole('button', { name: 'due 1 actors in payment' }).waitFor();
    await page.getByRole('treeitem').filter({ hasText: 'order-1' }).click();
  });

  afterEach(async () => {
    actor.send({ type: 'unpack' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'packing, active in parcel' }).waitFor();
    // Who has the link has the secret; to whom asks for it, it is not given.
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  });

  afterAll(async () => {
    await page?.context().close();
    await inspector?.close();
    actor?.stop();
  });

  it('has its chart laid out in a worker under a policy without eval, and is followed step by step', async () => {
    await page.getByRole('button', { name: 'due, active in payment' }).waitFor();
    // It is followed step by step from the program's next look on.
    const toAndFro = () => {
      for (const type of ['cancel', 'retry'] as const) actor.send({ type });
      return page.getByRole('cell', { name: 'due › refused' }).count();
    };
    await expect.poll(toAndFro, { interval: 300 }).toBeGreaterThan(0);
    actor.send({ type: 'ship' });
    await page.getByRole('button', { name: 'underway, active in parcel' }).waitFor();
    await page.getByRole('cell', { name: 'packing › underway [isPaid]' }).waitFor();
    await page.getByText('600000 in underway').waitFor();
    await page.keyboard.press(',');
    await page.getByRole('button', { name: 'packing, active in parcel' }).waitFor();
  });

  it('takes an allowed event from an edge of its chart by click or key, and from a button with what it carries', async () => {
    const edge = (name: string) => page.getByRole('button', { name, exact: true });
    await edge('Send cancel: due to refused').waitFor();
    expect(await edge('Send pay: due to paid').count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    const { x = 0, y = 0 } = (await edge('Send cancel: due to refused').locator('.sendable-frame').boundingBox()) ?? {};
    await page.mouse.move(x + 10, y + 8);
    await page.mouse.down();
    await page.mouse.move(x + 50, y + 8, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Fit the chart' }).click();
    expect(records).toEqual([]);
    await edge('Send cancel: due to refused').click();
    await page.getByRole('button', { name: 'refused, active in payment' }).waitFor();
    expect(actor.getSnapshot().value).toMatchObject({ payment: 'refused' });
    await edge('Send cancel: due to refused').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'cancel', exact: true, disabled: true }).waitFor();
    expect(await violationsOf(page, { within: ['main'] })).toEqual([]);
    await edge('Send retry: refused to due').press('Enter');
    await page.getByRole('button', { name: 'due, active in payment' }).waitFor();
    await page.getByRole('textbox', { name: 'What the event carries, as a JSON object' }).fill('{"by": "t"}');
    await page.getByRole('button', { name: 'ship', exact: true }).click();
    await page.getByRole('button', { name: 'underway, active in parcel' }).waitFor();
    expect(records.map(({ name, event, ok }) => [name, event, ok])).toEqual([
      ['send', 'cancel', true],
      ['send', 'retry', true],
      ['send', 'ship', true],
    ]);
    await page.keyboard.press(',');
    await page.getByRole('button', { name: 'packing, active in parcel' }).waitFor();
    expect(await violationsOf(page, { within: ['main'] })).toEqual([]);
  });
});
