// Sets the workspace up: checks Node, installs what the lockfile names, builds what changed. Run by npm's pre-scripts.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamps = join(root, 'node_modules', '.cache', 'watchkeeper');
const skipped = new Set(['node_modules', 'dist', '.git', 'coverage', 'api']);

requireNode(20, 19);
install();
if (process.argv.includes('--build')) build();

function requireNode(major, minor) {
  const [have, haveMinor] = process.versions.node.split('.').map(Number);
  if (have > major || (have === major && haveMinor >= minor)) return;
  fail(`Watchkeeper needs Node ${major}.${minor} or newer; this is Node ${process.versions.node}.`);
}

function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifests = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    ...filesBelow('packages'),
    ...filesBelow('examples'),
    'docs/package.json',
  ];
  const wanted = manifests.filter((path) => /(^|\/)(package\.json|pnpm-[a-z]+\.yaml)$/.test(path));
  once('install', wanted, () =>
    run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only']),
  );
  if (process.platform === 'win32') standInForExec();
}

/**
 * `npm start` says `exec`, so that no shell stays between npm and the program and takes the signals meant for it: dash,
 * for one, stays. Windows has no such word; there a command of this name runs what follows it.
 */
function standInForExec() {
  writeFileSync(join(root, 'node_modules', '.bin', 'exec.cmd'), '@%*\r\n');
}

function build() {
  const configs = readdirSync(root).filter((name) => /^(tsconfig.*|package|pnpm-lock)\.(json|yaml)$/.test(name));
  once('build', [...configs, ...filesBelow('packages'), ...filesBelow('examples'), ...filesBelow('test')], () => {
    run(bin('tsc'), ['-b']);
    run(process.execPath, [join(root, 'tools', 'draw-charts.mjs')]);
    run(bin('vite'), ['build', 'packages/inspector/web', '--logLevel', 'warn']);
  });
}

/** Runs `work` unless it already succeeded on exactly these files. */
function once(name, files, work) {
  const stamp = join(stamps, name);
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const path of files.sort())
    if (existsSync(join(root, path))) hash.update(path).update(readFileSync(join(root, path)));
  const now = hash.digest('hex');
  const outputs = name === 'install' ? ['node_modules/.bin'] : ['packages/core/dist', 'packages/inspector/dist/web'];
  const done = existsSync(stamp) && readFileSync(stamp, 'utf8') === now;
  if (done && outputs.every((path) => existsSync(join(root, path)))) return;
  console.log(`setup: ${name} …`);
  work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, now);
}

function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    // What a build leaves behind is not what it is made of: with it, every second run would build again.
    if (skipped.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) return [];
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function bin(name) {
  return join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
}

function run(command, args) {
  // A nested npx would otherwise inherit the outer call's package list and fail.
  const { npm_config_package: _package, npm_config_call: _call, ...env } = process.env;
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32',
  });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`${command} ${args.join(' ')} failed (exit ${status}).`);
}

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}
