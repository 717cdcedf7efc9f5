import { beforeAll, describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { type Compiled, compileExamples } from './compileExamples.ts';
import { docstringsOf, type Example, examplesOf } from './examplesOf.ts';
import { onFreePorts } from './onFreePorts.ts';
import { runBriefly } from './runBriefly.ts';

const sources = sourceFiles(['packages'], /^packages\/[^/]+\/src\/.*\.ts$/);
const pages = sourceFiles(['README.md', 'CONTRIBUTING.md', 'docs', 'examples', 'packages'], /\.md$/);
const examples = [...pages, ...sources].flatMap(examplesOf);

const readmes = /^(README|packages\/\w+\/README|docs\/guides\/getting-started)\.md$/;
/** What can be run as it stands: the first example of each README, and the tests that the page on testing shows. */
const programs: readonly Example[] = distinct([
  ...pages.filter(({ path }) => readmes.test(path)).flatMap((page) => examplesOf(page).slice(0, 1)),
  ...pages.filter(({ path }) => path === 'docs/guides/testing.md').flatMap(examplesOf),
]);

/** What two pages show alike, but for remarks at the ends of its lines, is run once. */
function distinct(shown: readonly Example[]): readonly Example[] {
  const byCode = new Map(shown.map((one) => [one.code.replaceAll(/ \/\/ .*$/gm, ''), one]));
  return [...byCode.values()];
}

/** An example that is wrong in the line after its blank one. */
const planted = examplesOf({
  path: 'docs/planted.md',
  source: [
    '# Page',
    '',
    '```ts',
    "import { createSupervisor } from '@watchkeeper/core';",
    '',
    'createSupervisor({ name: 3 });',
    '```',
  ].join('\n'),
});

describe('the examples of the pages and docstrings', () => {
  let compiled: Compiled;
  let runnable: readonly Example[];
  const errors = (isPlanted: boolean) =>
    compiled.errors.filter((error) => error.startsWith('docs__planted.md') === isPlanted);

  // One run of the compiler for all: most of what it does is to read the packages.
  beforeAll(async () => {
    const asShown = programs.map((one) => ({ ...one, path: `run/${one.path}` }));
    runnable = await Promise.all(asShown.map(onFreePorts));
    compiled = compileExamples('all', [...examples, ...planted, ...runnable]);
  });

  it('compile, each by itself, against the packages', () => {
    expect(examples.length).toBeGreaterThan(2);
    expect(errors(false)).toEqual([]);
  });

  it('are ts blocks wherever a docstring says @example', () => {
    const bare = sources.flatMap((file) =>
      docstringsOf(file)
        .filter(({ lines }) => /@example\s*\n(?!```ts)/.test(lines.join('\n')))
        .map(({ line }) => `${file.path}:${line}`),
    );
    expect(bare).toEqual([]);
  });

  it('fail at their own line of the page when they are wrong', () => {
    expect(errors(true)).toEqual([expect.stringMatching(/^docs__planted\.md\.line4\.ts\(6,20\): error TS2322/)]);
  });

  // Some at a time: each spends most of its second waiting.
  it.concurrent.each(programs.map((one, at): [string, number] => [`${one.path}:${one.line}`, at]))(
    'run where a page shows a program: %s',
    async (_at, at) => {
      const run = await runBriefly(compiled.outputOf(runnable[at] as Example));
      expect(run).toEqual({ failed: false, stdout: expect.stringMatching(/\S/), stderr: '' });
    },
  );

  it('are found in docstrings and pages, with the line they begin at', () => {
    const docstring = '/**\n * What it is.\n * @example\n * ```ts\n * first();\n * ```\n */\nexport {};\n';
    expect(examplesOf({ path: 'a.ts', source: docstring })).toEqual([{ path: 'a.ts', line: 5, code: 'first();\n' }]);
    expect(examplesOf({ path: 'a.md', source: '```sh\nls\n```\n```ts\nsecond();\n```\n' })).toEqual([
      { path: 'a.md', line: 5, code: 'second();\n' },
    ]);
  });
});
