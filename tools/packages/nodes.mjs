// Other versions of Node, and what has to work on each.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** The path of a Node of this version, from the npm package that carries its binary; nothing where there is none. */
export function fetchNode(version, folder) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const at = join(folder, `node-${version}`);
  mkdirSync(at);
  writeFileSync(join(at, 'package.json'), '{ "private": true }');
  const { status } = run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`], at);
  return status === 0 ? join(at, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node') : undefined;
}
