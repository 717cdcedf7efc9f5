import { parseSync } from 'vite';
import type { SourceFile } from '../sourceFiles.ts';
import { type SyntaxNode, visit } from '../syntax.ts';
import { docstringsOf } from './examplesOf.ts';

type Literals = ReadonlyMap<string, string>;

/**
 * Where the `@default` tags of a file's options disagree with the file's `…Defaults`, a line for each.
 *
 * `FooOptions` is held to `fooDefaults` of the same file in both directions; where there is no such constant,
 * a tag is held to whatever `defaults` of the file name the option. Only literals are compared.
 */
export function wrongDefaultTags(file: SourceFile): string[] {
  const { program } = parseSync(file.path, file.source);
  const constants = new Map<string, Literals>();
  const options: { name: string; members: readonly SyntaxNode[] }[] = [];
  visit(program, (node) => {
    const name = (node['id'] as { name?: string } | undefined)?.name ?? '';
    if (node.type === 'VariableDeclarator' && /(^d|D)efaults$/.test(name)) {
      constants.set(name, literalsOf(file.source, bare(node['init'])));
    } else if (node.type === 'TSInterfaceDeclaration' && name.endsWith('Options')) {
      options.push({ name, members: (node['body'] as { body: SyntaxNode[] }).body });
    }
  });
  const tags = tagsOf(file);
  return options.flatMap(({ name, members }) => {
    const own = constants.get(name[0]?.toLowerCase() + name.slice(1).replace(/Options$/, 'Defaults'));
    return members.flatMap((member) => {
      const option = (member['key'] as { name?: string } | undefined)?.name ?? '';
      const tag = tags.get(lineOf(file.source, member.start));
      const rule = own === undefined ? loosely(option, tag, [...constants.values()]) : strictly(option, tag, own);
      return rule === undefined ? [] : [`${file.path}: ${name}.${option} ${rule}`];
    });
  });
}

function strictly(option: string, tag: string | undefined, own: Literals): string | undefined {
  const value = own.get(option);
  if (value === undefined) return tag !== undefined && isLiteral(tag) ? `says ${tag}, and has no default` : undefined;
  return value === plain(tag) ? undefined : `says ${tag ?? 'nothing'}, and is ${value}`;
}

function loosely(option: string, tag: string | undefined, all: readonly Literals[]): string | undefined {
  const values = all.flatMap((literals) => literals.get(option) ?? []);
  if (tag === undefined || !isLiteral(tag) || values.length === 0) return undefined;
  return values.includes(plain(tag) ?? '') ? undefined : `says ${tag}, and is ${values.join(' or ')}`;
}

/** The `@default` of each docstring, by the line of what the docstring stands before. */
function tagsOf(file: SourceFile): Map<number, string> {
  return new Map(
    docstringsOf(file).flatMap(({ lines, end }) => {
      const tag = /@default\s+(.+?)\s*$/m.exec(lines.join('\n'))?.[1];
      const next = end + (/^\s*/.exec(file.source.slice(end))?.[0].length ?? 0);
      return tag === undefined ? [] : [[lineOf(file.source, next), tag] as const];
    }),
  );
}

function literalsOf(source: string, init: SyntaxNode | undefined): Literals {
  const properties = init?.type === 'ObjectExpression' ? (init['properties'] as readonly SyntaxNode[]) : [];
  return new Map(
    properties.flatMap((property) => {
      const value = bare(property['value']);
      const key = (property['key'] as { name?: string } | undefined)?.name;
      if (key === undefined || value === undefined) return [];
      const text = source.slice(value.start, value.end);
      return isLiteral(text) ? [[key, plain(text) ?? ''] as const] : [];
    }),
  );
}

/** The expression inside `as const` and `satisfies`. */
function bare(node: unknown): SyntaxNode | undefined {
  const wrapped = node as SyntaxNode | undefined | null;
  const isWrapper = wrapped?.type === 'TSAsExpression' || wrapped?.type === 'TSSatisfiesExpression';
  return isWrapper ? bare(wrapped['expression']) : (wrapped ?? undefined);
}

const isLiteral = (text: string): boolean => /^(-?[\d_.]+|true|false|'[^']*'|"[^"]*")$/.test(text);

const plain = (text: string | undefined): string | undefined => text?.replace(/(?<=\d)_(?=\d)/g, '');

const lineOf = (source: string, offset: number): number => source.slice(0, offset).split('\n').length;
