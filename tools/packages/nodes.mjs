// Other versions of Node, and what has to work on each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { firstProgram } from './pages.mjs';
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

/** Runs the program for beginners until it is healthy, then tells it to end. Sound is an orderly end. */
export async function liveFirstProgram(node, project) {
  const program = join(project, 'shop.mjs');
  const [shop, stock] = await Promise.all([freePort(), freePort()]);
  writeFileSync(program, firstProgram().replaceAll('8080', shop).replaceAll('8081', stock));
  const child = spawn(node, [program], { cwd: project });
  const limit = setTimeout(() => child.kill('SIGKILL'), 20_000);
  let printed = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (text) => {
      printed += text;
      if (/is healthy/.test(text)) child.kill('SIGTERM');
    });
  }
  const [code] = await once(child, 'close');
  clearTimeout(limit);
  return { isSound: code === 0 && /is healthy/.test(printed), printed };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return String(port);
}
