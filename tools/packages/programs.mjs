// The programs that pages show, run as their readers would: in a project of their own, with the packages installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firstProgram } from './pages.mjs';

const wellKnown = /\b(?:80\d\d|9100)\b/g;

/** Runs the program for beginners until it is healthy, then tells it to end. Sound is an orderly end. */
export async function liveFirstProgram(node, project) {
  const { code, printed } = await live(node, project, firstProgram(), async (line) => {
    while (!/is healthy/.test(await line()));
  });
  return { isSound: code === 0 && /is healthy/.test(printed), printed };
}

/** Runs a program to its end or, where it goes on for ever, for a second after it first says something. Sound is no complaint. */
export async function liveBriefly(node, project, source) {
  const { code, signal, printed, complained } = await live(node, project, source, async (line) => {
    await line();
    await pause(1_000, undefined, { ref: false });
  });
  const endedWell = code === 0 || signal === 'SIGTERM';
  return { isSound: endedWell && printed !== '' && complained === '', printed: printed + complained };
}

/** Runs a program on free ports; tells it to end when `enough` has, which may wait for each next piece of what it prints. */
async function live(node, project, source, enough) {
  const program = join(project, 'program.mjs');
  writeFileSync(program, await onFreePorts(source));
  const child = spawn(node, [program], { cwd: project });
  const limit = setTimeout(() => child.kill('SIGKILL'), 20_000);
  let printed = '';
  let complained = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complained += text;
  });
  const line = async () => (await once(child.stdout, 'data'))[0];
  const closed = once(child, 'close');
  await Promise.race([enough(line), closed]);
  child.kill('SIGTERM');
  const [code, signal] = await closed;
  clearTimeout(limit);
  return { code, signal, printed, complained };
}

/** The program with free ports in the place of the well-known ones that pages show, so that it runs anywhere. */
async function onFreePorts(source) {
  const shown = [...new Set(source.match(wellKnown))];
  const free = await Promise.all(shown.map(freePort));
  return source.replaceAll(wellKnown, (port) => free[shown.indexOf(port)]);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return String(port);
}
