import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a tool has no types of its own
import { trendOf } from '../../tools/soak.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const judge = trendOf as (heaps: readonly number[]) => { flat: boolean };
const megabyte = 2 ** 20;

describe('a soak', () => {
  it('of two virtual minutes breaks no law and leaves the heap flat', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', 'tools/simulate.mjs', '--hours', String(2 / 60), '--seed', '3'],
      { cwd: root },
    );
    expect(stdout).toMatch(/heap +[\d.]+ MB {2}\d+ monitors, \d+ notifiers, \d+ sessions/);
    expect(stdout).toMatch(/2\.\d min of virtual time .* 0 violations; heap flat/);
  });

  it.each([
    ['steady', () => 20 * megabyte, true],
    ['noisy', (look: number) => (20 + (look % 2)) * megabyte, true],
    ['large only while caches fill', (look: number) => (look < 10 ? 5 : 20) * megabyte, true],
    ['growing by a tenth in all', (look: number) => (20 + look / 12) * megabyte, false],
    ['growing late', (look: number) => (look < 40 ? 20 : 25) * megabyte, false],
  ])('judges a heap that is %s', (_, heapAt, flat) => {
    expect(judge(Array.from({ length: 60 }, (__, look) => heapAt(look))).flat).toBe(flat);
  });
});
