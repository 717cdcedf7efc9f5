import { parseSync } from 'vite';
import type { SourceFile } from '../sourceFiles.ts';
import { isNode, type SyntaxNode, visit } from '../syntax.ts';

/** The title of every test and every group of tests in a file, as it is written. */
export function testTitles({ path, source }: SourceFile): string[] {
  const titles: string[] = [];
  visit(parseSync(path, source).program, (node) => {
    if (node.type !== 'CallExpression' || !/^(it|test|describe)$/.test(calleeOf(node))) return;
    const [first] = node['arguments'] as readonly SyntaxNode[];
    if (first === undefined) return;
    if (first.type === 'Literal' && typeof first['value'] === 'string') titles.push(first['value']);
    if (first.type === 'TemplateLiteral') titles.push(source.slice(first.start + 1, first.end - 1));
  });
  return titles;
}

/** The name at the root of what is called: `it` of `it.each(rows)(…)`. */
function calleeOf(node: SyntaxNode): string {
  const callee = node['callee'] ?? node['object'] ?? node['tag'];
  if (isNode(callee)) return calleeOf(callee);
  return node.type === 'Identifier' ? String(node['name']) : '';
}
