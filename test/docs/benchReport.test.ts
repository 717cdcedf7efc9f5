import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { root } from '../sourceFiles.ts';

const name = 'of-a-test';
const file = `${root}/test/bench/results/${name}.json`;

/** Reports a row as a measurement does, in a process of its own, and returns what was kept. */
function report(save: string): unknown {
  const code = `import { report } from '${root}/test/bench/report.mjs'; report('${name}', { rows: { row: { ns: 7 } } });`;
  execFileSync(process.execPath, ['--input-type=module', '-e', code], { env: { ...process.env, BENCH_SAVE: save } });
  if (!existsSync(file)) return undefined;
  const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  return kept;
}

it('a measurement keeps its result only where it is asked to, with machine, Node and day', () => {
  expect(report('')).toBeUndefined();
  expect(report('1')).toMatchObject({
    date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    machine: expect.stringContaining('cores'),
    versions: { node: process.versions.node },
    rows: { row: { ns: 7 } },
  });
});

it('no measurement writes results but by its report', () => {
  const writers = readdirSync(`${root}/test/bench`)
    .filter((path) => path.endsWith('.mjs') && path !== 'report.mjs')
    .filter((path) => readFileSync(`${root}/test/bench/${path}`, 'utf8').includes('results/'));
  expect(writers).toEqual([]);
});
