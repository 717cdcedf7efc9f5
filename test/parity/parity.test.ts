import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root, sourceFiles } from '../sourceFiles.ts';
import { type ParityRow, parityRows } from './parityRows.ts';
import { entriesOf, publicNames, unknownNames } from './publicNames.ts';
import { testTitles } from './testTitles.ts';

const read = (path: string) => ({ path, source: readFileSync(`${root}/${path}`, 'utf8') });
const rows = parityRows(read('test/parity.md'));
const packages = readdirSync(`${root}/packages`).filter((name) => existsSync(`${root}/packages/${name}/package.json`));
const names = publicNames(
  packages.flatMap((name) => entriesOf(`packages/${name}`)),
  sourceFiles(['packages', 'examples'], /^(packages|examples)\/[^/]+\/src\/.*\.ts$/),
);
const at = ({ section, line }: ParityRow) => `test/parity.md:${line} (${section})`;

const titles = new Map<string, readonly string[]>();
function titlesOf(path: string): readonly string[] {
  const known = titles.get(path) ?? (existsSync(`${root}/${path}`) ? testTitles(read(path)) : []);
  titles.set(path, known);
  return known;
}

describe('the parity list', () => {
  it('has hundreds of rows, and a section for each of the five systems', () => {
    expect(rows.length).toBeGreaterThan(500);
    for (const system of ['arke', 'otelcontext', 'moq-go', 'kportal', 'GoDoxy']) {
      expect(readFileSync(`${root}/test/parity.md`, 'utf8')).toMatch(new RegExp(`^## .*${system}`, 'm'));
    }
  });

  it('has no row twice in a section', () => {
    const seen = new Set<string>();
    const doubled = rows.filter(({ section, cells }) => {
      const key = `${section}: ${cells[0]}`;
      return seen.has(key) || !seen.add(key);
    });
    expect(doubled.map(at)).toEqual([]);
  });

  it('leaves no cell blank', () => {
    expect(rows.filter(({ cells }) => cells.length !== 4 || cells.some((cell) => cell === '')).map(at)).toEqual([]);
  });

  it('names in each row a test that is there', () => {
    const bad = rows.flatMap((row) => {
      if (row.tests.length === 0) return [`${at(row)} names no test`];
      const missing = row.tests.filter(({ title, path }) => !titlesOf(path).some((whole) => whole.includes(title)));
      return missing.map(({ title, path }) => `${at(row)}: ${path} has no “${title}”`);
    });
    expect(bad).toEqual([]);
  });

  it('names only calls, options, events and words that are there', () => {
    const bad = rows.flatMap((row) =>
      row.code.flatMap((code) => unknownNames(code, names)).map((name) => `${at(row)}: nothing is called ${name}`),
    );
    expect(bad).toEqual([]);
  });
});

describe('the guard of the parity list', () => {
  const page = (...cells: string[]) => ({
    path: 'test/parity.md',
    source: `## S\n\n| a | b | c | d |\n| - | - | - | - |\n| ${cells.join(' | ')} |\n`,
  });

  it('reads a row with its tests and its code', () => {
    const link = '[is heard](../packages/core/test/a.test.ts)';
    expect(parityRows(page('x', '`keeper.drain()` of `y`', link, 'same'))).toEqual([
      {
        line: 5,
        section: 'S',
        cells: ['x', '`keeper.drain()` of `y`', link, 'same'],
        tests: [{ title: 'is heard', path: 'packages/core/test/a.test.ts' }],
        code: ['keeper.drain()', 'y'],
      },
    ]);
  });

  it('finds titles of tests, of their tables and of groups, and none elsewhere', () => {
    const source = "describe('a', () => { it('b', f); it.each([1])('c %s', f); test.each(all)(`d`, f); say('e'); });";
    expect(testTitles({ path: 'a.test.ts', source })).toEqual(['a', 'b', 'c %s', 'd']);
  });

  it.each([
    ['keeper.abdicate()', ['abdicate']],
    ['gone()', ['gone']],
    ['keeper.drain({ graceMs, hurry: true })', ['hurry']],
    ["'health.changed'", []],
    ["'health.lost'", ['health.lost']],
    ['createSupervisor({ maxSessions })', []],
    ['SessionHandle', ['SessionHandle']],
  ])('finds that of %s are missing: %o', (code, missing) => {
    expect(unknownNames(code, names)).toEqual(missing);
  });
});
