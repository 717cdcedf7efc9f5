import { parseSync } from 'vite';
import type { SourceFile } from '../sourceFiles.ts';
import { isNode, type SyntaxNode, visit } from '../syntax.ts';

/** One line of a walk: a file of ours, and the function in it that has the next word. */
export type Station = { readonly path: string; readonly name: string };

/** A walk through the code: its heading, and its stations in their order. */
export type Walk = { readonly title: string; readonly stations: readonly Station[] };

const station = /^(?:\d+\.|-) `([^`:]+): ([^`]+)`/;

/** The walks of a page: its headings below which a list of `file: function` stands. */
export function walksOf({ source }: SourceFile): Walk[] {
  return source
    .split(/^#+ /m)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n');
      return { title, stations: lines.flatMap(stationsOf) };
    })
    .filter(({ stations }) => stations.length > 0);
}

function stationsOf(line: string): Station[] {
  const [, path, name] = station.exec(line) ?? [];
  return path === undefined || name === undefined ? [] : [{ path, name }];
}

const engine = /^packages\/core\/src\/(compile|actor|xstate|clock|registry|runtime)\//;

/** The files a reader of a walk opens, without those of the engine, which runs any chart. */
export function filesOf({ stations }: Walk): string[] {
  return [...new Set(stations.map(({ path }) => path))].filter((path) => !engine.test(path));
}

/** The names of the functions, methods, constants, classes and members of objects that a file declares. */
export function declaredNames({ path, source }: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  visit(parseSync(path, source).program, (node) => {
    const name = declares(node);
    if (name !== undefined) names.add(name);
  });
  return names;
}

function declares(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'VariableDeclarator':
      return nameOf(node['id']);
    case 'MethodDefinition':
    case 'Property':
    case 'PropertyDefinition':
      return nameOf(node['key']);
    default:
      return undefined;
  }
}

function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'PrivateIdentifier') return `#${String(node['name'])}`;
  return node.type === 'Identifier' ? String(node['name']) : undefined;
}
