import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { aliasFaults } from './aliases.ts';
import type { ConfigProblem, OptionPath } from './problem.ts';
import { show } from './secrecy.ts';

/** A configuration as text: what it says, and on which line. */
export interface ConfigText {
  /** As plain values; nothing where `problems` has anything. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** Makes a problem of an option, where it stands or would stand. */
  problem(path: OptionPath, rule: string): ConfigProblem;
}

/** How values are made: without the library's own limit, whose error names no line. */
const resolved = { maxAliasCount: -1 };

/** Reads YAML 1.2. */
export function readYaml(text: string): ConfigText {
  const lines = new LineCounter();
  // Its pretty messages quote the file, and with it secrets.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const complain = (offset: number, rule: string): ConfigProblem => ({
    line: lineAt(offset),
    option: '',
    rule,
    value: '',
  });
  const problems = [...document.errors, ...document.warnings].map(({ message, pos }) => complain(pos[0], message));
  problems.push(...aliasFaults(document).map(({ offset, rule }) => complain(offset, rule)));
  return {
    value: problems.length > 0 ? undefined : document.toJS(resolved),
    problems,
    problem(path, rule) {
      const { offset, node } = find(document.contents, path);
      const value = node === undefined ? undefined : node.toJS(document, resolved);
      return { line: lineAt(offset), option: path.join('.'), rule, value: show(value, path) };
    },
  };
}

/** Line of an option, or of the nearest one above it that is there. */
function find(root: Node | null, path: OptionPath): { readonly offset: number; readonly node: Node | undefined } {
  let node: Node | undefined = root ?? undefined;
  let offset = root?.range?.[0] ?? 0;
  for (const name of path) {
    const [start, next] = step(node, name);
    if (next === undefined && start === undefined) return { offset, node: undefined };
    offset = start ?? next?.range?.[0] ?? offset;
    node = next;
  }
  return { offset, node };
}

/** The member of a collection, and where its name begins. */
function step(node: Node | undefined, name: string | number): [start: number | undefined, next: Node | undefined] {
  if (isSeq(node)) {
    const member = node.items[Number(name)];
    return isNode(member) ? [member.range?.[0], member] : [undefined, undefined];
  }
  if (!isMap(node)) return [undefined, undefined];
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(name));
  if (pair === undefined || !isScalar(pair.key)) return [undefined, undefined];
  return [pair.key.range?.[0], isNode(pair.value) ? pair.value : undefined];
}
