import type { CommandRecord } from '@watchkeeper/inspector';
import { afterAll, describe, expect } from 'vitest';
import { it } from './browserTest.ts';
import { type ShownProgram, showProgram } from './shownProgram.ts';

describe('operations in the inspector', () => {
  let shown: ShownProgram;
  const records: CommandRecord[] = [];

  // One page serves all; the last test ends the program.
  it.beforeAll(async ({ browser }) => {
    shown = await showProgram(browser, {
      inspect: { access: 'link', commands: ['pause', 'resume'], onCommand: (entry) => records.push(entry) },
    });
  });

  afterAll(() => shown?.[Symbol.asyncDispose]());

  it('are only the commands that the program allows, and are recorded', async () => {
    const { page, row } = shown;
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
  });

  it('show a drain with its phases and how many clients have left', async () => {
    const { keeper, page } = shown;
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
});
