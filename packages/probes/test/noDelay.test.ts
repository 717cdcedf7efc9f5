import { createServer } from 'node:https';
import { Socket } from 'node:net';
import type { Probe } from '@watchkeeper/core';
import { expect, it, vi } from 'vitest';
import { httpProbe, tcpProbe, transferProbe } from '../src/index.ts';
import { certificate } from './support/certificates.ts';
import { listen, misbehaviours, serve } from './support/tcpServers.ts';
import { deadline } from './support/waiting.ts';

const host = '127.0.0.1';

const kinds: Readonly<Record<string, () => Promise<Probe>>> = {
  tcp: async () => tcpProbe({ host, port: (await serve(misbehaviours.blackHole)).port }),
  transfer: async () =>
    transferProbe({ host, port: (await serve(misbehaviours.say('hi'))).port, script: [{ send: 'a' }] }),
  https: async () => {
    const { key, cert } = await certificate(30);
    const { port } = await listen(createServer({ key, cert }, (_request, response) => response.end()));
    return httpProbe({ url: `https://localhost:${port}/`, tls: { ca: cert } });
  },
};

it.each([
  ['tcp', false],
  ['transfer', true],
  ['https', true],
])('a check of %s has its second write sent without delay: %s', async (kind, expected) => {
  const probe = await kinds[kind]?.();
  const asked = vi.spyOn(Socket.prototype, 'setNoDelay');
  expect(await probe?.(deadline())).toMatchObject({ status: 'pass' });
  expect(asked.mock.calls.length > 0).toBe(expected);
  asked.mockRestore();
});
