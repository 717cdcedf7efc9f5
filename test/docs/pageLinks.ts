import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { root, type SourceFile } from '../sourceFiles.ts';
import { proseOf, withoutBlocks } from './proseOf.ts';

/** The links of a page that lead nowhere, a line for each: to a file that is missing, or a heading nobody wrote. */
export function brokenLinks(page: SourceFile): string[] {
  return Array.from(proseOf(page).matchAll(/\]\(([^)\s]+)[^)]*\)/g), ([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target) && !leads(page, target))
    .map((target) => `${page.path} links to ${target}`);
}

function leads(page: SourceFile, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page.path : posix.join(posix.dirname(page.path), path);
  if (file !== page.path && !existsSync(`${root}/${file}`)) return false;
  if (anchor === undefined) return true;
  const pointedAt = file === page.path ? page : { path: file, source: readFileSync(`${root}/${file}`, 'utf8') };
  return headingsOf(pointedAt).includes(anchor);
}

/** The anchors of a page's headings, as GitHub and TypeDoc make them. */
function headingsOf(page: SourceFile): string[] {
  return Array.from(withoutBlocks(page).matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}
