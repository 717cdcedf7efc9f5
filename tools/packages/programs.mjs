// The programs that pages show, run as their readers would: in a project of their own, with the packages installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firstProgram } from './pages.mjs';

const wellKnown = /\b(?:80\d\d|9100)\b/g;

/** Below the range that systems draw from for connections and for port 0: what is free here stays so. */
const lowest = 20_000;
const highest = 30_000;
const drawn = new Set();

/** Runs the program for beginners until it is healthy, then tells it to end. Sound is an orderly end. */
export async function liveFirstProgram(node, project) {
  const { code, printed } = await live(node, project, firstProgram(), async (nextPiece) => {
    while (!/is healthy/.test(await nextPiece()));
  });
  return { isSound: code === 0 && /is healthy/.test(printed), printed };
}

/** Runs a program to its end or, where it goes on for ever, for a second after it first says something. Sound is no complaint. */
export async function liveBriefly(node, project, source) {
  const { code, signal, printed, complained } = await live(node, project, source, async (nextPiece) => {
    await nextPiece();
    await pause(1_000, undefined, { ref: false });
  });
  const endedWell = code === 0 || signal === 'SIGTERM';
  return { isSound: endedWell && printed !== '' && complained === '', printed: printed + complained };
}

/** Runs a program on free ports, and tells it to end once `enough` has ended, which is given what awaits the next piece it prints. */
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
  const nextPiece = async () => (await once(child.stdout, 'data'))[0];
  const closed = once(child, 'close');
  await Promise.race([enough(nextPiece), closed]);
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
  const port = lowest + Math.floor(Math.random() * (highest - lowest));
  if (drawn.has(port)) return freePort();
  drawn.add(port);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  await once(server.close(), 'close');
  return String(port);
}
