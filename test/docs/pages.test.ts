import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { type DefaultsByName, missingDefaultRows, wrongDefaultRows } from './defaultTables.ts';
import { unprovenFigures } from './measuredFigures.ts';
import { brokenLinks } from './pageLinks.ts';

const pages = sourceFiles(
  ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs', 'examples', 'packages', 'test'],
  /\.md$/,
).filter(({ path }) => !path.startsWith('docs/api/'));

const manifests = sourceFiles(['packages'], /^packages\/\w+\/package\.json$/).map(
  ({ source }) => JSON.parse(source) as { name: string; exports: Record<string, unknown> },
);
const entries: object[] = await Promise.all(
  manifests
    .flatMap(({ name, exports }) => Object.keys(exports).map((entry) => name + entry.slice(1)))
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => import(entry)),
);
const defaults = Object.fromEntries(
  entries.flatMap((entry) => Object.entries(entry)).filter(([name]) => name.endsWith('Defaults')),
) as DefaultsByName;

const page = (...lines: string[]) => ({ path: 'docs/page.md', source: lines.join('\n') });

describe('the pages', () => {
  it('include a README for each package', () => {
    const folders = manifests.map(({ name }) => `packages/${name.split('/')[1]}/README.md`);
    expect(folders.filter((readme) => !pages.some(({ path }) => path === readme))).toEqual([]);
  });

  it('are listed in typedoc.json where they are guides', () => {
    const [{ source } = { source: '{}' }] = sourceFiles(['typedoc.json'], /./);
    const { projectDocuments } = JSON.parse(source) as { projectDocuments: string[] };
    const guides = pages.map(({ path }) => path).filter((path) => path.startsWith('docs/guides/'));
    expect(projectDocuments).toEqual(expect.arrayContaining(guides));
  });
});

describe('the links of the pages', () => {
  it('lead to files and headings that are there, in every page', () => {
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it.each(['gone.md', '../README.md#nobody-wrote-this', '#nor-this'])(
    'are caught where they lead nowhere: %s',
    (target) => {
      expect(brokenLinks(page('# Page', `See [it](${target}).`))).toHaveLength(1);
    },
  );

  it('may lead to a heading, another site, and anywhere in code', () => {
    expect(brokenLinks(page('# A `page`, here', '[a](#a-page-here) [b](https://example.org/) `[c](gone.md)`'))).toEqual(
      [],
    );
  });
});

describe('the measured figures of the pages', () => {
  it('link to a benchmark that has the same figure', () => {
    expect(pages.flatMap(unprovenFigures)).toEqual([]);
  });

  const results = '../test/bench/results/memory.json';
  it.each([
    ['without a link', 'It takes 80 ns.'],
    ['with a link elsewhere', 'It takes [80 ns](../README.md).'],
    ['with another result', `It takes [9 bytes](${results} "notifier: bytes").`],
    ['with a row that is not there', `It takes [9 bytes](${results} "nobody: bytes").`],
  ])('are caught where they stand %s', (_how, line) => {
    expect(unprovenFigures(page(line))).toHaveLength(1);
  });
});

describe('the tables of options', () => {
  it('have the defaults of the code', () => {
    expect(pages.flatMap((one) => wrongDefaultRows(one, defaults))).toEqual([]);
  });

  it('have a row for every option', () => {
    expect(missingDefaultRows(pages, defaults)).toEqual([]);
  });

  it('are caught where an option has no row', () => {
    const few = page('| `paceDefaults` | default |', '| --- | --- |', '| `fast` | `1` |');
    expect(missingDefaultRows([few], { paceDefaults: { fast: 1, slow: 2 } })).toEqual(['paceDefaults.slow']);
  });

  const table = (...rows: string[]) => page('| `monitorDefaults` | default |', '| --- | --- |', ...rows);

  it.each(['| `intervalMs` | `9` |', '| `intervalSeconds` | `10` |'])(
    'are caught where a row differs from the code: %s',
    (row) => {
      expect(wrongDefaultRows(table(row), defaults)).toHaveLength(1);
    },
  );

  it('pass where a row has the same figure, or words', () => {
    const rows = ['| `intervalMs` | `10_000` |', '| `dependsOn` | nobody |'];
    expect(wrongDefaultRows(table(...rows), defaults)).toEqual([]);
  });
});
