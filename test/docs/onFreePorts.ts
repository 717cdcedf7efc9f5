import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Example } from './examplesOf.ts';

const wellKnown = /\b(?:80\d\d|9100)\b/g;

/** The example with free ports in the place of the well-known ones that pages show, so that it runs anywhere. */
export async function onFreePorts(example: Example): Promise<Example> {
  const shown = [...new Set(example.code.match(wellKnown))];
  const servers = shown.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const free = servers.map((server) => String((server.address() as AddressInfo).port));
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return { ...example, code: example.code.replaceAll(wellKnown, (port) => free[shown.indexOf(port)] ?? port) };
}
