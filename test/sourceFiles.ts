import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the workspace, without a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** A file of ours: its path relative to the root, with `/`, and its text. */
export type SourceFile = { readonly path: string; readonly source: string };

const madeByTools = /(^|\/)(node_modules|dist|coverage|\.cache)(\/|$)/;

/** The files at or below these paths whose own path `wanted` matches, sorted. */
export function sourceFiles(paths: readonly string[], wanted: RegExp): SourceFile[] {
  return paths
    .flatMap((path) => pathsBelow(path))
    .filter((path) => wanted.test(path))
    .sort()
    .map((path) => ({ path, source: readFileSync(`${root}/${path}`, 'utf8') }));
}

function pathsBelow(path: string): string[] {
  if (madeByTools.test(path) || !existsSync(`${root}/${path}`)) return [];
  if (!statSync(`${root}/${path}`).isDirectory()) return [path];
  return readdirSync(`${root}/${path}`).flatMap((name) => pathsBelow(`${path}/${name}`));
}
