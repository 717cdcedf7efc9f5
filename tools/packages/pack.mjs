// Packs every package as it would be published.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, run } from './run.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Packs into `folder`, by pnpm, which replaces `workspace:` and `catalog:` by versions. */
export function packAll(folder) {
  const { packageManager } = readManifest(root);
  return readdirSync(join(root, 'packages')).map((name) => {
    const from = join(root, 'packages', name);
    const manifest = readManifest(from);
    const tarball = join(folder, `watchkeeper-${name}-${manifest.version}.tgz`);
    const { status, stdout, stderr } = run('npx', ['--yes', packageManager, 'pack', '--out', tarball], from);
    if (status !== 0) fail('pack', `${manifest.name} can not be packed\n${stdout}${stderr}`);
    return { name: manifest.name, manifest, tarball };
  });
}

/** Every entry of every package, as one writes it in an import. */
export function entriesOf(packed) {
  return packed.flatMap(({ name, manifest }) => Object.keys(manifest.exports).map((entry) => name + entry.slice(1)));
}

/** Makes a project in `folder` that depends on all tarballs, their peers and `others`; answers what npm said. */
export function installAll(packed, folder, others = {}) {
  mkdirSync(folder);
  const local = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const peers = Object.assign({}, ...packed.map(({ manifest }) => manifest.peerDependencies ?? {}));
  const theirs = Object.fromEntries(Object.entries(peers).filter(([name]) => !(name in local)));
  const dependencies = { ...theirs, ...others, ...local };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies, overrides: local }),
  );
  return run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'], folder);
}

export function readManifest(at) {
  return JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
}
