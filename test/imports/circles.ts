import { posix } from 'node:path';
import type { SourceFile } from '../sourceFiles.ts';
import { importsOf } from './importsOf.ts';

/** The circles of imports between files, each as `a.ts → b.ts → a.ts`; imports of types count like any other. */
export function circlesOf(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  const targets = new Map(
    files.map(({ path, source }) => [path, neighbours(path, source).filter((target) => paths.has(target))]),
  );
  const found: string[] = [];
  const finished = new Set<string>();
  const walk: string[] = [];

  const visit = (path: string): void => {
    const at = walk.indexOf(path);
    if (at >= 0) found.push([...walk.slice(at), path].join(' → '));
    if (at >= 0 || finished.has(path)) return;
    walk.push(path);
    for (const target of targets.get(path) ?? []) visit(target);
    walk.pop();
    finished.add(path);
  };
  for (const path of paths) visit(path);
  return found;
}

function neighbours(path: string, source: string): string[] {
  return importsOf(path, source)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
}
