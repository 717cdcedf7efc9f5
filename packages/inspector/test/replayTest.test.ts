import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { canBeTested, replayTest } from '../web/src/export/replayTest.ts';
import { recordMonitor } from './support/recordMonitor.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the test made from a recording', () => {
  // Always the same, for then what was compiled for one run serves the next.
  const folder = join(root, 'node_modules', '.cache', 'watchkeeper', 'ready');

  /** Runs test files as their reader would, and tells of each how its tests ended. */
  async function ran(sources: Record<string, string>): Promise<Record<string, string[]>> {
    await mkdir(folder, { recursive: true });
    for (const [name, source] of Object.entries(sources)) await writeFile(join(folder, `${name}.test.ts`), source);
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const args = [vitest, 'run', '--root', folder, '--config', 'none.ts', '--reporter', 'json'];
    args.push('--no-isolate', '--maxWorkers', '1');
    const config = {
      ssr: { resolve: { conditions: ['@watchkeeper/source', 'node', 'import', 'module', 'default'] } },
      test: { experimental: { fsModuleCache: true, fsModuleCachePath: join(folder, 'modules') } },
    };
    await writeFile(join(folder, 'none.ts'), `export default ${JSON.stringify(config)};\n`);
    const { stdout } = await run(process.execPath, args, { cwd: folder }).catch(
      (failure: { stdout: string }) => failure,
    );
    const { testResults } = JSON.parse(stdout) as {
      testResults: { name: string; assertionResults: { status: string }[] }[];
    };
    return Object.fromEntries(
      testResults.map(({ name, assertionResults }) => [
        basename(name, '.test.ts'),
        assertionResults.map(({ status }) => status),
      ]),
    );
  }

  it('passes on the machine, and fails once a state differs', async () => {
    const recording = await recordMonitor();
    const source = replayTest(recording);
    expect(source).toContain('goes the way that monitor api of shop went until');
    const other = source.replace(/"health":"unhealthy"(?!.*\[)/, '"health":"stale"');
    expect(other).not.toBe(source);
    expect(await ran({ green: source, red: other })).toEqual({ green: ['passed'], red: ['failed'] });
  });

  it('is made only for actors of our machines, from a known state', async () => {
    const recording = await recordMonitor();
    expect(canBeTested(recording)).toBe(true);
    expect(canBeTested({ ...recording, actor: { ...recording.actor, kind: 'actor' } })).toBe(false);
    expect(canBeTested({ ...recording, from: undefined })).toBe(false);
    expect(canBeTested({ ...recording, steps: [] })).toBe(false);
  });
});
