// The examples of the pages, for a check against the packages as they are published.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pack.mjs';

const pages = [
  'README.md',
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
  ...readdirSync(join(root, 'docs', 'guides')).map((name) => `docs/guides/${name}`),
].filter((path) => path.endsWith('.md') && existsSync(join(root, path)));

/** Every `ts` block of the READMEs and guides, with a name that says where it stands. */
export function pageExamples() {
  return pages.flatMap((path) =>
    blocksOf(path).map((code, index) => ({ name: `${path.replace(/\.md$/, '').replaceAll('/', '-')}-${index}`, code })),
  );
}

/** The first program of every README. Each is plain JavaScript, too. */
export function readmePrograms() {
  return pages.filter((path) => path.endsWith('README.md')).map((path) => ({ path, code: blocksOf(path)[0] }));
}

/** The program of the page for beginners. It is plain JavaScript, too. */
export function firstProgram() {
  return blocksOf('docs/guides/getting-started.md')[0];
}

function blocksOf(path) {
  const source = readFileSync(join(root, path), 'utf8');
  return Array.from(source.matchAll(/^```ts\n([\s\S]*?)^```$/gm), ([, code]) => code);
}
