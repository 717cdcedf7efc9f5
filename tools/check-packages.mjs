// Packs every package as it would be published and checks the tarballs: their manifests, their types, and that an
// empty project that installs them can load each one. Run by `npm run pack:check`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager } = readManifest(root);
const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-pack-'));
const failures = [];

try {
  const packed = readdirSync(join(root, 'packages')).map(pack);
  for (const { name, tarball } of packed) {
    check(`${name}: publint`, bin('publint'), [tarball, '--strict']);
    check(`${name}: attw`, bin('attw'), [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii']);
  }
  loadFromEmptyProject(packed);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failures.length > 0) fail(`${failures.length} checks failed: ${failures.join(', ')}`);
console.log('packages: all tarballs are sound');

/** Packs by pnpm, which replaces `workspace:` and `catalog:` by versions. */
function pack(package_) {
  const from = join(root, 'packages', package_);
  const manifest = readManifest(from);
  const tarball = join(folder, `${package_}.tgz`);
  const args = ['--yes', packageManager, 'pack', '--out', tarball];
  const { status, stdout, stderr } = run('npx', args, from);
  if (status !== 0) fail(`${manifest.name} can not be packed\n${stdout}${stderr}`);
  return {
    name: manifest.name,
    entries: Object.keys(manifest.exports),
    peers: manifest.peerDependencies ?? {},
    tarball,
  };
}

/** Installs all tarballs together and loads every entry of each, by `import` and by `require`. */
function loadFromEmptyProject(packed) {
  const project = join(folder, 'project');
  mkdirSync(project);
  const local = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const peers = Object.assign({}, ...packed.map((one) => one.peers));
  const theirs = Object.fromEntries(Object.entries(peers).filter(([name]) => !(name in local)));
  const manifest = { private: true, type: 'module', dependencies: { ...theirs, ...local }, overrides: local };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
  if (!check('install in an empty project', 'npm', ['install', ...quiet], project)) return;
  const entries = packed.flatMap(({ name, entries }) => entries.map((entry) => name + entry.slice(1)));
  const code = entries.filter((entry) => !entry.endsWith('.json'));
  const imports = code.map((entry) => `await import('${entry}');`).join('\n');
  check('import of every entry', process.execPath, ['--input-type=module', '--eval', imports], project);
  const requires = entries.map((entry) => `require('${entry}');`).join('\n');
  check('require of every entry', process.execPath, ['--input-type=commonjs', '--eval', requires], project);
}

/** Runs one check, says how it went, and keeps the name of one that failed. */
function check(name, command, args, cwd = root) {
  const { status, stdout, stderr, error } = run(command, args, cwd);
  console.log(`packages: ${status === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  if (status === 0) return true;
  console.log(error ? error.message : `${stdout}${stderr}`);
  failures.push(name);
  return false;
}

function run(command, args, cwd) {
  // A nested npm or npx would otherwise inherit the outer call's package list and folder.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(package|call)$/.test(name)),
  );
  return spawnSync(command, args, { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' });
}

function readManifest(at) {
  return JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
}

function bin(name) {
  return join(root, 'node_modules', '.bin', name);
}

function fail(message) {
  console.error(`packages: ${message}`);
  process.exit(1);
}
