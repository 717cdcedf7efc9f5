import { beforeAll, describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { type Compiled, compileExamples } from './compileExamples.ts';
import { docstringsOf, type Example, examplesOf } from './examplesOf.ts';
import { runToEnd } from './runToEnd.ts';

const sources = sourceFiles(['packages'], /^packages\/[^/]+\/src\/.*\.ts$/);
const pages = sourceFiles(['README.md', 'CONTRIBUTING.md', 'docs', 'examples', 'packages'], /\.md$/);
const examples = [...pages, ...sources].flatMap(examplesOf);

/** The tests that the page on testing shows. What READMEs show first is run where the packages are checked as packed. */
const tests = pages.filter(({ path }) => path === 'docs/guides/testing.md').flatMap(examplesOf);

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
  const errors = (isPlanted: boolean) =>
    compiled.errors.filter((error) => error.startsWith('docs__planted.md') === isPlanted);

  // One run of the compiler for all: most of what it does is to read the packages.
  beforeAll(() => {
    compiled = compileExamples('all', [...examples, ...planted]);
  });

  it('compile, each by itself, against the packages', () => {
    expect(examples.length).toBeGreaterThan(2);
    expect(errors(false)).toEqual([]);
  });

  it('have a ts block wherever a docstring says @example', () => {
    const bare = sources.flatMap((file) =>
      docstringsOf(file)
        .filter(({ lines }) => /@example\s*\n(?!```ts)/.test(lines.join('\n')))
        .map(({ line }) => `${file.path}:${line}`),
    );
    expect(bare).toEqual([]);
  });

  it('fail at their own line of the page where they are wrong', () => {
    expect(errors(true)).toEqual([expect.stringMatching(/^docs__planted\.md\.line4\.ts\(6,20\): error TS2322/)]);
  });

  it.concurrent.each(tests.map((one): [number, Example] => [one.line, one]))(
    'pass where the page on testing shows tests: line %i',
    async (_line, one) => {
      const { failed, stdout, stderr } = await runToEnd(compiled.outputOf(one));
      expect({ failed, stderr }).toEqual({ failed: false, stderr: '' });
      expect(stdout).toMatch(/\S/);
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
