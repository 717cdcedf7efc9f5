import type { Verdict } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { agentCheckProbe } from '../src/agentCheck.ts';
import { misbehaviours, refusedPort, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

const host = '127.0.0.1';
const saying = (text: string) => serve((socket) => socket.resume().end(text));

describe('agentCheckProbe', () => {
  it.each<[string, Partial<Verdict>]>([
    ['up\n', { status: 'pass' }],
    ['UP READY 100%\r\n', { status: 'pass', measured: { weightPercent: 100 } }],
    ['ready,75%\tmaxconn:30\n', { status: 'pass', measured: { weightPercent: 75, maxconn: 30 } }],
    ['50%\n', { status: 'pass', measured: { weightPercent: 50 } }],
    ['up 0%\n', { status: 'warn', detail: 'up 0%', measured: { weightPercent: 0 } }],
    ['drain\n', { status: 'warn', detail: 'drain' }],
    ['up drain\n', { status: 'warn', detail: 'up drain' }],
    ['maint\n', { status: 'fail', detail: 'maint' }],
    ['down\n', { status: 'fail', detail: 'down' }],
    ['down # disk is full\nup\n', { status: 'fail', detail: 'disk is full' }],
    ['fail#', { status: 'fail', detail: 'fail' }],
    ['failed\n', { status: 'fail' }],
    ['stopped\n', { status: 'fail' }],
    ['up odd\r', { status: 'pass' }],
    ['up', { status: 'pass' }],
    ['', { status: 'fail', detail: 'no word of agent-check in ""' }],
    ['\nup\n', { status: 'fail', detail: 'no word of agent-check in ""' }],
    ['constructor #up\n', { status: 'fail', detail: 'no word of agent-check in "constructor #up"' }],
    ['999999%\n', { status: 'fail' }],
  ])('judges %o', async (reply, verdict) => {
    const { port, open } = await saying(reply);
    expect(await agentCheckProbe({ host, port })(deadline())).toMatchObject(verdict);
    await until(() => open.size === 0);
  });

  it('says first what it is told to say', async () => {
    const { port } = await serve((socket) => socket.once('data', (said) => socket.end(`down #${said}`)));
    expect(await agentCheckProbe({ host, port, send: 'who' })(deadline())).toMatchObject({ detail: 'who' });
  });

  it('fails refusal, silence at the deadline and a reply without end', async () => {
    expect(await agentCheckProbe({ host, port: await refusedPort() })(deadline())).toMatchObject({
      detail: 'connection refused',
    });
    const silent = await serve(misbehaviours.blackHole);
    expect(await agentCheckProbe({ host, port: silent.port })(deadline(100))).toMatchObject({
      detail: 'timed out while waiting for the reply',
    });
    const { port, open } = await serve((socket) => socket.resume().write('up '.repeat(10_000)));
    expect(await agentCheckProbe({ host, port })(deadline())).toMatchObject({
      detail: 'a reply of more than 1024 bytes',
    });
    await until(() => open.size === 0);
  });

  it.each([
    [{ host: '' }, 'agentCheckProbe.host'],
    [{ port: 0 }, 'agentCheckProbe.port'],
    [{ send: 7 }, 'agentCheckProbe.send'],
    [{ maxBytes: 0 }, 'agentCheckProbe.maxBytes'],
  ])('refuses %o', (options, option) => {
    expect(() => agentCheckProbe({ host, port: 1, ...(options as object) })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });
});
