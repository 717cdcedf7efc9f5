import { parseSync } from 'vite';
import { isNode, type SyntaxNode, visit } from '../syntax.ts';

/** One import of a source file: what it names, and whether only types come through it. */
export type Import = { readonly specifier: string; readonly typesOnly: boolean };

/** An import whose target is computed can not be checked, and is reported under this name. */
export const computed = '(computed)';

/** Every import of a TypeScript file, in any form the language has. @throws when it can not be parsed. */
export function importsOf(path: string, source: string): Import[] {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors.map((error) => error.message).join('; ')}`);
  const found: Import[] = [];
  visit(program, (node) => {
    const target = targetOf(node);
    if (target !== undefined) found.push({ specifier: target, typesOnly: isTypesOnly(node) });
  });
  return found;
}

function targetOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literal(node['source'] ?? node['argument']);
    case 'ExportNamedDeclaration':
      return node['source'] ? literal(node['source']) : undefined;
    case 'TSExternalModuleReference':
      return literal(node['expression']);
    case 'CallExpression': {
      const { callee, arguments: given } = node as unknown as { callee: { name?: string }; arguments: unknown[] };
      return callee.name === 'require' ? literal(given[0]) : undefined;
    }
    default:
      return undefined;
  }
}

function isTypesOnly(node: SyntaxNode): boolean {
  if (node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type') return true;
  const names = node['specifiers'] as readonly SyntaxNode[] | undefined;
  return (
    names !== undefined &&
    names.length > 0 &&
    names.every((name) => name['importKind'] === 'type' || name['exportKind'] === 'type')
  );
}

function literal(node: unknown): string {
  const value = isNode(node) ? (node.type === 'TSLiteralType' ? node['literal'] : node) : undefined;
  return isNode(value) && typeof value['value'] === 'string' ? value['value'] : computed;
}
