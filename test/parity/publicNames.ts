import { readFileSync } from 'node:fs';
import { parseSync } from 'vite';
import { root, type SourceFile } from '../sourceFiles.ts';
import { isNode, visit } from '../syntax.ts';

/** Names that code may use: exports of the packages, members and options of theirs, and words of their events. */
export type PublicNames = {
  readonly exported: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
};

/** Reads the names from sources: all that is exported from the entries, and every key and string in any file. */
export function publicNames(entries: readonly SourceFile[], sources: readonly SourceFile[]): PublicNames {
  const exported = new Set<string>();
  const members = new Set<string>();
  const words = new Set<string>();
  for (const { path, source } of entries) {
    visit(parseSync(path, source).program, (node) => {
      if (node.type === 'ExportSpecifier') exported.add(nameOf(node['exported']));
      if (node.type === 'ExportNamedDeclaration' && isNode(node['declaration'])) {
        exported.add(nameOf(node['declaration']['id']));
      }
    });
  }
  for (const { path, source } of sources) {
    visit(parseSync(path, source).program, (node) => {
      if ('key' in node) members.add(nameOf(node['key']));
      if (node.type === 'Literal' && typeof node['value'] === 'string') words.add(node['value']);
    });
  }
  return { exported, members, words };
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node['name'] ?? node['value'] ?? '') : '';
}

/** The files behind the entries of a package, as its manifest maps them for us. */
export function entriesOf(folder: string): SourceFile[] {
  const manifest = JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8')) as {
    exports: Record<string, string | Record<string, string>>;
  };
  return Object.values(manifest.exports).flatMap((target) => {
    const file = typeof target === 'string' ? undefined : target['@watchkeeper/source'];
    if (file === undefined) return [];
    const path = `${folder}/${file.replace(/^\.\//, '')}`;
    return [{ path, source: readFileSync(`${root}/${path}`, 'utf8') }];
  });
}

/** Things a row may speak of by these names, as the examples of the docstrings do. */
const actors = new Set(['keeper', 'monitor', 'slot', 'session', 'notifier', 'hub', 'probe', 'registry']);

const literals = new Set(['true', 'false', 'undefined']);

/** @returns the names in a piece of code that are not there, such as `keeper.retire()` or `gone()`. */
export function unknownNames(code: string, { exported, members, words }: PublicNames): string[] {
  const strings = Array.from(code.matchAll(/'([^']*)'/g), ([, word = '']) => word);
  const names = code.replaceAll(/'[^']*'/g, '').matchAll(/(\.?)\b([A-Za-z_$][\w$]*)\b(\()?/g);
  const missing = Array.from(names, ([, dot, name = '', called]) => {
    if (literals.has(name)) return undefined;
    if (dot === '.') return members.has(name) ? undefined : name;
    if (actors.has(name) || exported.has(name)) return undefined;
    return called === undefined && members.has(name) ? undefined : name;
  });
  return [...missing, ...strings.filter((word) => !words.has(word))].filter((name) => name !== undefined);
}
