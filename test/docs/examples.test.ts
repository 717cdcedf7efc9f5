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
const programs: readonly Example[] = [
  ...pages.filter(({ path }) => readmes.test(path)).flatMap((page) => examplesOf(page).slice(0, 1)),
  ...pages.filter(({ path }) => path === 'docs/guides/testing.md').flatMap(examplesOf),
];

describe('the examples of the pages and docstrings', () => {
  it('compile, each by itself, against the packages', () => {
    expect(examples.length).toBeGreaterThan(2);
    expect(compileExamples('all', examples).errors).toEqual([]);
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
    const source = ['# Page', '', '```ts', "import { createSupervisor } from '@watchkeeper/core';", ''];
    const page = { path: 'docs/page.md', source: [...source, 'createSupervisor({ name: 3 });', '```'].join('\n') };
    const { errors } = compileExamples('planted', examplesOf(page));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^docs__page\.md\.line4\.ts\(6,20\): error TS2322/);
  });

  describe('where a page shows a program', () => {
    let compiled: Compiled;

    beforeAll(async () => {
      compiled = compileExamples('programs', await Promise.all(programs.map(onFreePorts)));
      expect(compiled.errors).toEqual([]);
    });

    // Some at a time: each spends most of its second waiting.
    it.concurrent.each(programs.map((one): [string, Example] => [`${one.path}:${one.line}`, one]))(
      'run: %s',
      async (_at, one) => {
        const run = await runBriefly(compiled.outputOf(one));
        expect(run).toEqual({ failed: false, stdout: expect.stringMatching(/\S/), stderr: '' });
      },
    );
  });

  it('are found in docstrings and pages, with the line they begin at', () => {
    const docstring = '/**\n * What it is.\n * @example\n * ```ts\n * first();\n * ```\n */\nexport {};\n';
    expect(examplesOf({ path: 'a.ts', source: docstring })).toEqual([{ path: 'a.ts', line: 5, code: 'first();\n' }]);
    expect(examplesOf({ path: 'a.md', source: '```sh\nls\n```\n```ts\nsecond();\n```\n' })).toEqual([
      { path: 'a.md', line: 5, code: 'second();\n' },
    ]);
  });
});
