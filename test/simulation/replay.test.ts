import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stories-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number | string | null | undefined;
  readonly output: string;
}

function simulateWith(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const argv = ['--expose-gc', 'tools/simulate.mjs', ...args];
    execFile(process.execPath, argv, { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr }),
    );
  });
}

const broken = () => ['--supervisor', 'test/simulation/support/deafSupervisor.mjs', '--stories', folder];

it('writes a story that breaks a law to a file, and says the command that runs it again', async () => {
  const failed = await simulateWith('--seed', '4', ...broken());
  const command = /npm run simulate -- --replay (\S+seed-4-crowd-6-steps-\d+\.json)$/m.exec(failed.output);
  expect([failed.code, command]).toEqual([1, expect.anything()]);
  const file = command?.[1] as string;

  const again = await simulateWith('--replay', file);
  expect(again).toMatchObject({ code: 1, output: expect.stringContaining('breaks the same law as before') });

  const { supervisor: _, ...story } = JSON.parse(await readFile(join(root, file), 'utf8'));
  const mended = join(folder, 'mended.json');
  await writeFile(mended, JSON.stringify(story));
  expect(await simulateWith('--replay', mended)).toMatchObject({
    code: 0,
    output: expect.stringContaining('breaks no law any more'),
  });

  const other = join(folder, 'other.json');
  const violations = [{ law: 'INV-1', found: 'something else' }];
  await writeFile(other, JSON.stringify({ ...JSON.parse(await readFile(join(root, file), 'utf8')), violations }));
  const differs = await simulateWith('--replay', other);
  expect(differs).toMatchObject({ code: 1, output: expect.stringContaining(`broke INV-1 at step ${story.steps}`) });
});

it('writes the story of a soak that breaks a law, too', async () => {
  const failed = await simulateWith('--hours', '0.1', '--seed', '3', ...broken());
  expect(failed).toMatchObject({ code: 1, output: expect.stringContaining('npm run simulate -- --replay ') });
  const [file] = await readdir(folder);
  const again = await simulateWith('--replay', join(folder, file as string));
  expect(again).toMatchObject({ code: 1, output: expect.stringContaining('breaks the same law as before') });
});

it.each([
  ['no JSON', 'seed 4', 'must be a story'],
  ['no story', '{"seed": 4}', 'must hold seed, steps'],
])('refuses a file that is %s', async (_, content, words) => {
  const file = join(folder, 'story.json');
  await writeFile(file, content);
  expect(await simulateWith('--replay', file)).toMatchObject({ code: 1, output: expect.stringContaining(words) });
});
