/**
 * Points the rows of test/parity.md at tests that were moved to another file.
 *
 * node tools/repoint-parity.mjs
 *
 * A link whose file has no such title gets the one file that has; what is in none, or in several, is printed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const list = join(root, 'test/parity.md');
const files = ['packages', 'examples', 'test'].flatMap((folder) => testFiles(join(root, folder)));
const sources = new Map(files.map((file) => [relative(root, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')]));

const repointed = readFileSync(list, 'utf8').replaceAll(
  /\[([^\]]+)\]\(\.\.\/([^)\s]+\.test\.ts)\)/g,
  (link, title, path) => {
    if (sources.get(path)?.includes(title)) return link;
    const found = [...sources].flatMap(([other, source]) => (source.includes(title) ? [other] : []));
    if (found.length === 1) return `[${title}](../${found[0]})`;
    console.error(`${path} has no “${title}”; it is in ${found.join(', ') || 'no test'}`);
    process.exitCode = 1;
    return link;
  },
);
writeFileSync(list, repointed);

function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|\..*)$/.test(entry.name) ? [] : testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}
