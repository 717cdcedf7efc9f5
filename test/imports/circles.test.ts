import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { circlesOf } from './circles.ts';

const files = sourceFiles(['packages', 'examples', 'test'], /\.tsx?$/);

const sources = (texts: Record<string, string>) =>
  Object.entries(texts).map(([name, source]) => ({ path: `packages/core/src/${name}`, source }));

describe('the imports between files', () => {
  it('close no circle in any package, example or test, imports of types included', () => {
    expect(files.some(({ path }) => path === 'packages/core/src/index.ts')).toBe(true);
    expect(circlesOf(files)).toEqual([]);
  });

  it.each([
    ['two files', { 'a.ts': "import { b } from './b.ts';", 'b.ts': "import { a } from './a.ts';" }],
    ['a type', { 'a.ts': "import { b } from './b.ts';", 'b.ts': "import type { A } from './a.ts';" }],
    ['an inline type', { 'a.ts': "export type A = import('./b.ts').B;", 'b.ts': "import { type A } from './a.ts';" }],
    ['an export', { 'a.ts': "export * from './rooms/b.ts';", 'rooms/b.ts': "import type { A } from '../a.ts';" }],
    [
      'three files and a page',
      { 'a.tsx': "import './b.ts';", 'b.ts': "import './c.ts';", 'c.ts': "import type { A } from './a.tsx';" },
    ],
    ['a file itself', { 'a.ts': "import { a } from './a.ts';" }],
  ])('are caught when they close one through %s', (_through, texts) => {
    expect(circlesOf(sources(texts))).toHaveLength(1);
  });

  it('may meet again in one file', () => {
    const both = "import './c.ts';";
    expect(circlesOf(sources({ 'a.ts': `import './b.ts'; ${both}`, 'b.ts': both, 'c.ts': '' }))).toEqual([]);
  });

  it('are named in a circle in the order in which they are imported', () => {
    const texts = { 'a.ts': "import './b.ts';", 'b.ts': "import './c.ts';", 'c.ts': "import './b.ts';" };
    const [b, c] = ['packages/core/src/b.ts', 'packages/core/src/c.ts'];
    expect(circlesOf(sources(texts))).toEqual([`${b} → ${c} → ${b}`]);
  });
});
