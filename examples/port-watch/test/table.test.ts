import { createSupervisor, defineProbe } from '@watchkeeper/core';
import { afterEach, describe, expect, it } from 'vitest';
import { tableOf } from '../src/table.ts';

const keeper = createSupervisor();

afterEach(() => keeper.stop());

describe('the table', () => {
  it('lines its columns up, whatever stands in them, and paints the health alone', async () => {
    keeper.monitor(
      'a',
      defineProbe('a', async () => ({ status: 'pass', latencyMs: 1.25 })),
    );
    keeper.monitor(
      'longer',
      defineProbe('b', async () => ({ status: 'fail', detail: 'connection refused' })),
    );
    keeper.start();
    await expect.poll(() => keeper.stats().monitors.byHealth.starting).toBe(0);
    const statuses = keeper.statuses();
    const now = (statuses[0]?.since ?? 0) + 61_000;
    const addresses = new Map([['a', '127.0.0.1:1']]);
    const paint = (colour: string, text: string) => (colour === 'gray' ? text : `<${colour}>${text}`);
    expect(tableOf(statuses.slice(0, 1), { addresses, now, paint })).toEqual([
      'NAME  ADDRESS      HEALTH     FOR    LATENCY  WHY',
      'a     127.0.0.1:1  <green>● healthy  1 min  1.3 ms',
    ]);
    const [head = '', ...rows] = tableOf(statuses, { addresses, now, paint: (_colour, text) => text });
    expect(rows.map((row) => row.indexOf(row.includes('●') ? '●' : '✕'))).toEqual([
      head.indexOf('HEALTH'),
      head.indexOf('HEALTH'),
    ]);
    expect(rows[1]).toMatch(/connection refused$/);
  });
});
