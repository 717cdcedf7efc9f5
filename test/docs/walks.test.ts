import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { declaredNames, filesOf, type Station, walksOf } from './walks.ts';

const [page = { path: 'CONTRIBUTING.md', source: '' }] = sourceFiles(['CONTRIBUTING.md'], /./);
const walks = walksOf(page);

/** What is wrong with a station, or nothing. */
function wrong({ path, name }: Station): string[] {
  const [file] = sourceFiles([path], /./);
  if (file === undefined) return [`there is no ${path}`];
  return declaredNames(file).has(name) ? [] : [`${path} declares no ${name}`];
}

describe('the walks through the code in CONTRIBUTING.md', () => {
  it('name files that are there, and functions that these declare', () => {
    expect(walks.flatMap(({ stations }) => stations.flatMap(wrong))).toEqual([]);
  });

  it.each([
    ['A broadcast', 12],
    ['A verdict', 18],
  ])('lead through few files of ours: %s at most %i', (begin, most) => {
    const walk = walks.find(({ title }) => title.startsWith(begin));
    const files = walk === undefined ? [] : filesOf(walk);
    expect(files.length).toBeGreaterThan(5);
    expect(files.length).toBeLessThanOrEqual(most);
  });

  const source =
    '### A way\n\n1. `a/b.ts: go` goes\n2. `packages/core/src/runtime/c.ts: run` runs\n3. `a/b.ts: #end`.\n';

  it('are read from the lists below headings, and count each file once, the engine not at all', () => {
    const [walk] = walksOf({ path: 'page.md', source: `# Page\n\n- \`not a station\`\n${source}` });
    expect(walk).toMatchObject({ title: 'A way', stations: [{ path: 'a/b.ts', name: 'go' }, {}, { name: '#end' }] });
    expect(walk && filesOf(walk)).toEqual(['a/b.ts']);
  });

  it('are caught where a file or a function is not there', () => {
    expect(wrong({ path: 'test/nobody.ts', name: 'go' })).toEqual(['there is no test/nobody.ts']);
    expect(wrong({ path: 'test/docs/walks.ts', name: 'nobody' })).toEqual(['test/docs/walks.ts declares no nobody']);
  });

  it('may name functions, methods, private ones, constants and members of objects', () => {
    const file = {
      path: 'a.ts',
      source: 'class A { #b() {} get c() {} } function d() { x(); } const e = { f: () => {} };',
    };
    expect([...declaredNames(file)].sort()).toEqual(['#b', 'A', 'c', 'd', 'e', 'f']);
  });
});
