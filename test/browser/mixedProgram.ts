import { createSupervisor, defineProbe, type Supervisor } from '@watchkeeper/core';

/** What the monitors `leaky` and `broken` of a mixed program say, and nobody may be told. */
export const secrets: readonly string[] = [
  'hunter2',
  's3cret-value',
  't0psecret',
  'sk_live_4eC39HqLyjWDarjtT1',
  'ghp_abcdefghijklmnopqrst1234',
];

/**
 * Starts a supervisor with one monitor of each sort, one of which has secrets on its lips, a client and a session.
 *
 * Every monitor checks once and rests then, so that a page has nothing to do but what a test asks of it.
 */
export function mixedProgram(): Supervisor {
  const keeper = createSupervisor({ name: 'mixed', drain: { graceMs: 60_000, deadlineMs: 120_000 } });
  const once = { intervalMs: 600_000, jitter: 0 };
  keeper.monitor(
    'fine',
    defineProbe('fine', async () => ({ status: 'pass', latencyMs: 3 })),
    once,
  );
  keeper.monitor(
    'slow',
    defineProbe('slow', async () => ({ status: 'warn', latencyMs: 900 })),
    once,
  );
  const leak = `no answer from https://bob:${secrets[0]}@db/?token=${secrets[1]} with password=${secrets[2]}, ${secrets[3]}`;
  keeper.monitor(
    'leaky',
    defineProbe('leaky', async () => ({ status: 'fail', detail: leak })),
    once,
  );
  keeper.monitor(
    'orders',
    defineProbe('orders', async () => ({ status: 'pass' })),
    { ...once, dependsOn: ['leaky'] },
  );
  const broken = defineProbe('broken', async () => {
    throw new Error(`refused for ${secrets[4]}`);
  });
  keeper.monitor('broken', broken, { ...once, errorThreshold: 1 });
  keeper
    .monitor(
      'resting',
      defineProbe('resting', async () => ({ status: 'pass' })),
      once,
    )
    .pause();
  keeper.notifier('client-1', () => {});
  const slot = keeper.reserve('127.0.0.1');
  if (slot.reserved) slot.open({ goaway: () => {}, close: () => {} });
  keeper.start();
  return keeper;
}
