import type { SourceFile } from '../sourceFiles.ts';

/** One row of the page: what a seed has, what does it here, what shows it, and how that differs. */
export type ParityRow = {
  readonly line: number;
  readonly section: string;
  readonly cells: readonly string[];
  /** Tests by the words of the link: part of a title, in a file relative to the root. */
  readonly tests: readonly { readonly title: string; readonly path: string }[];
  /** Pieces of code that say which call of ours does it. */
  readonly code: readonly string[];
};

const testLink = /\[([^\]]+)\]\(\.\.\/([^)\s]+\.test\.ts)\)/g;

/** The rows of all tables of the page, without their headings. */
export function parityRows({ source }: SourceFile): ParityRow[] {
  let section = '';
  const lines = source.split('\n');
  return lines.flatMap((text, index) => {
    if (text.startsWith('#')) section = text.replace(/^#+ /, '');
    const isHeading = !text.startsWith('|') || /^\|[\s|:-]+$/.test(text) || /^\|[\s|:-]+$/.test(lines[index + 1] ?? '');
    if (isHeading) return [];
    const cells = text
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const tests = Array.from((cells[2] ?? '').matchAll(testLink), ([, title = '', path = '']) => ({ title, path }));
    const code = Array.from((cells[1] ?? '').matchAll(/`([^`]+)`/g), ([, piece = '']) => piece);
    return [{ line: index + 1, section, cells, tests, code }];
  });
}
