import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fork } from './forked.ts';

it('a program that is killed while it writes goes on where it was, without a second alert for one outage', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-archive-'));
  const run = () => fork(process.execPath, 'test/process/archivist.mjs', join(folder, 'archive.sqlite'));
  try {
    const known: number[] = [];
    const alerts: string[] = [];
    for (let life = 0; life < 3; life++) {
      await using program = run();
      await program.line(/^saved/, 30_000);
      program.signal('SIGKILL');
      expect((await program.ended).signal).toBe('SIGKILL');
      const resumed = await program.line(/^resumed \d+ failures, \d+ ms down$/);
      known.push(...Array.from(resumed.matchAll(/\d+/g), ([number]) => Number(number)));
      alerts.push(...program.lines.filter((line) => line.startsWith('alert.')));
    }
    const [failures0, downMs0, failures1 = 0, downMs1 = 0, failures2 = 0, downMs2 = 0] = known;
    expect([failures0, downMs0]).toEqual([0, 0]);
    expect([failures1 > 0, downMs1 > 0, failures2 > failures1, downMs2 > downMs1]).toEqual([true, true, true, true]);
    expect(alerts).toEqual(['alert.raised']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
