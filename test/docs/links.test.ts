import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFiles } from '../sourceFiles.ts';
import { docstringsOf } from './examplesOf.ts';

const sources = sourceFiles(['packages'], /^packages\/[^/]+\/src\/.*\.ts$/);

const codeOf = ({ source }: SourceFile): string => source.replaceAll(/\/\*\*.*?\*\//gs, '');

/** Links to what neither `file` imports nor its package exports: TypeDoc, package by package, can not follow them. */
function blindLinks(file: SourceFile, ofPackage: readonly SourceFile[]): string[] {
  const own = codeOf(file);
  const exported = ofPackage.map(codeOf).join('\n');
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
    const blind = sources.flatMap((file) =>
      blindLinks(
        file,
        sources.filter((other) => folderOf(other) === folderOf(file)),
      ),
    );
    expect(blind).toEqual([]);
  });

  it('are blind where another package alone knows the name', () => {
    const file = {
      path: 'packages/http/src/a.ts',
      source: '/** @throws {@link InvalidOptionError} */\nexport const a = 1;',
    };
    expect(blindLinks(file, [file])).toHaveLength(1);
    expect(blindLinks(file, [file, { path: 'b.ts', source: 'export class InvalidOptionError {}' }])).toEqual([]);
  });
});
