import type { SourceFile } from '../sourceFiles.ts';

const blank = (code: string): string => code.replaceAll(/[^\n]/g, '');

/** A Markdown page without its blocks of code, with its lines kept. */
export function withoutBlocks({ source }: SourceFile): string {
  return source.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, blank);
}

/** A Markdown page without any code: what it claims and where it points. */
export function proseOf(page: SourceFile): string {
  return withoutBlocks(page).replaceAll(/`[^`\n]*`/g, '``');
}
