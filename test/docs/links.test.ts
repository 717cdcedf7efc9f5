import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFiles } from '../sourceFiles.ts';
import { docstringsOf } from './examplesOf.ts';

const sources = sourceFiles(['packages'], /^packages\/[^/]+\/src\/.*\.ts$/);

const codeOf = ({ source }: SourceFile): string => source.replaceAll(/\/\*\*.*?\*\//gs, '');

/** Links to what neither a file imports nor its package exports: TypeDoc, package by package, can not follow them. */
function blindLinks(ofPackage: readonly SourceFile[]): string[] {
  const exported = ofPackage.map(codeOf).join('\n');
  return ofPackage.flatMap((file) => blindLinksOf(file, exported));
}

function blindLinksOf(file: SourceFile, exported: string): string[] {
  const own = codeOf(file);
  return docstringsOf(file).flatMap(({ line, lines }) =>
    Array.from(lines.join('\n').matchAll(/\{@link (\w+)/g), ([, name = '']) => name)
      .filter((name) => !new RegExp(`\\b${name}\\b`).test(own))
      .filter((name) => !new RegExp(`export [^;]*\\b${name}\\b`).test(exported))
      .map((name) => `${file.path}:${line} links to ${name}: write it in backticks`),
  );
}

describe('the links of docstrings', () => {
  it('lead to what their file imports or their package exports', () => {
    const folderOf = ({ path }: SourceFile) => path.split('/').slice(0, 2).join('/');
    const folders = new Set(sources.map(folderOf));
    expect(folders.size).toBeGreaterThan(2);
    const packages = Array.from(folders, (folder) => sources.filter((file) => folderOf(file) === folder));
    expect(packages.flatMap(blindLinks)).toEqual([]);
  });

  it('are caught where only another package knows the name', () => {
    const file = {
      path: 'packages/http/src/a.ts',
      source: '/** @throws {@link InvalidOptionError} */\nexport const a = 1;',
    };
    expect(blindLinks([file])).toHaveLength(1);
    expect(blindLinks([file, { path: 'b.ts', source: 'export class InvalidOptionError {}' }])).toEqual([]);
  });
});
