/** A node of a syntax tree, as Vite's parser gives it. */
export type SyntaxNode = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly start: number;
  readonly end: number;
};

/** Shows every node of a tree to `look`, outer before inner. */
export function visit(tree: unknown, look: (node: SyntaxNode) => void): void {
  if (Array.isArray(tree)) for (const child of tree) visit(child, look);
  else if (typeof tree === 'object' && tree !== null) {
    if (isNode(tree)) look(tree);
    for (const child of Object.values(tree)) visit(child, look);
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
