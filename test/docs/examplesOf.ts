import { parseSync } from 'vite';
import type { SourceFile } from '../sourceFiles.ts';

/** A piece of code that a page or a docstring shows. */
export type Example = { readonly path: string; readonly line: number; readonly code: string };

/** Every `ts` block of a Markdown page, or of the docstrings of a TypeScript file. */
export function examplesOf({ path, source }: SourceFile): Example[] {
  if (path.endsWith('.md')) return blocksOf(path, source.split('\n'), 1);
  return docstringsOf({ path, source }).flatMap(({ line, lines }) => blocksOf(path, lines, line));
}

/** The lines of every docstring, without their stars, and the line each begins at. */
export function docstringsOf({ path, source }: SourceFile): { line: number; lines: string[]; end: number }[] {
  return parseSync(path, source)
    .comments.filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    .map(({ value, start, end }) => ({
      line: source.slice(0, start).split('\n').length,
      lines: value.split('\n').map((line) => line.replace(/^\s*\* ?/, '')),
      end,
    }));
}

function blocksOf(path: string, lines: readonly string[], firstLine: number): Example[] {
  const found: Example[] = [];
  let open: { line: number; code: string[] } | undefined;
  lines.forEach((text, index) => {
    if (open === undefined) {
      if (/^\s*```ts\b/.test(text)) open = { line: firstLine + index + 1, code: [] };
    } else if (/^\s*```\s*$/.test(text)) {
      found.push({ path, line: open.line, code: `${open.code.join('\n')}\n` });
      open = undefined;
    } else open.code.push(text);
  });
  return found;
}
