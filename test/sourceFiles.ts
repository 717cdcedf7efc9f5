import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the workspace, without a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

const madeByTools = /(^|\/)(node_modules|dist|coverage|\.cache)(\/|$)/;

/** The files below these folders whose path `wanted` matches, sorted; paths are relative to the root, with `/`. */
export function sourceFiles(folders: readonly string[], wanted: RegExp): { path: string; source: string }[] {
  return folders
    .flatMap((folder) => pathsBelow(folder))
    .filter((path) => wanted.test(path))
    .sort()
    .map((path) => ({ path, source: readFileSync(`${root}/${path}`, 'utf8') }));
}

function pathsBelow(folder: string): string[] {
  if (!existsSync(`${root}/${folder}`)) return [];
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (madeByTools.test(path)) return [];
    return entry.isDirectory() ? pathsBelow(path) : [path];
  });
}
