// Packs every package as it would be published and checks the tarballs: their manifests, their types, and that an
// empty project that installs them can load and use each one. Run by `npm run pack:check`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingFields } from './packages/manifest.mjs';
import { entriesOf, installAll, packAll, root } from './packages/pack.mjs';
import { readmePrograms } from './packages/pages.mjs';
import { liveBriefly, liveFirstProgram } from './packages/programs.mjs';
import { checks } from './packages/run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-pack-'));
const { check, command, end } = checks('packages');
const bin = (name) => join(root, 'node_modules', '.bin', name);

try {
  const packed = packAll(folder);
  for (const { name, manifest, tarball } of packed) {
    const missing = missingFields(manifest);
    check(`${name}: manifest`, missing.length === 0, () => `missing or empty: ${missing.join(', ')}`);
    command(`${name}: publint`, bin('publint'), [tarball, '--strict'], root);
    const profile = ['--profile', 'esm-only', '--no-emoji', '--format', 'ascii'];
    command(`${name}: attw`, bin('attw'), [tarball, ...profile], root);
  }
  await useInEmptyProject(packed);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
end('all tarballs are sound');

/** Installs all tarballs together, loads every entry of each, by `import` and by `require`, and runs what the pages show first. */
async function useInEmptyProject(packed) {
  const project = join(folder, 'project');
  const { status, stderr } = installAll(packed, project);
  if (!check('install in an empty project', status === 0, () => stderr)) return;
  const entries = entriesOf(packed);
  const modules = entries.filter((entry) => !entry.endsWith('.json'));
  const imports = modules.map((entry) => `await import('${entry}');`).join('\n');
  command('import of every entry', process.execPath, ['--input-type=module', '--eval', imports], project);
  const requires = entries.map((entry) => `require('${entry}');`).join('\n');
  command('require of every entry', process.execPath, ['--input-type=commonjs', '--eval', requires], project);
  const { isSound, printed } = await liveFirstProgram(process.execPath, project);
  check('the first program of the guides is healthy, drains and ends with 0', isSound, () => printed);
  for (const { path, code } of readmePrograms()) {
    const run = await liveBriefly(process.execPath, project, code);
    check(`the program of ${path} prints what it does and complains of nothing`, run.isSound, () => run.printed);
  }
}
