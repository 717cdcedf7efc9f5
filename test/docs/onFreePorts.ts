import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Example } from './examplesOf.ts';

const wellKnown = /\b(?:80\d\d|9100)\b/g;

/** Below the range that systems draw from for connections and for port 0: what is free here stays so. */
const lowest = 20_000;
const highest = 30_000;
const drawn = new Set<number>();

/** The example with free ports in the place of the well-known ones that pages show, so that it runs anywhere. */
export async function onFreePorts(example: Example): Promise<Example> {
  const shown = [...new Set(example.code.match(wellKnown))];
  const free = await Promise.all(shown.map(freePort));
  return { ...example, code: example.code.replaceAll(wellKnown, (port) => free[shown.indexOf(port)] ?? port) };
}

async function freePort(): Promise<string> {
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
