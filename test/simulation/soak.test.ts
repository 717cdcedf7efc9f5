import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('a soak of a virtual minute breaks no law and leaves the heap flat', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', 'tools/simulate.mjs', '--hours', String(1 / 60), '--seed', '3'],
    { cwd: root },
  );
  expect(stdout).toMatch(/heap +[\d.]+ MB {2}\d+ monitors, \d+ notifiers, \d+ sessions/);
  expect(stdout).toMatch(/1\.\d min of virtual time .* 0 violations; heap flat/);
});
