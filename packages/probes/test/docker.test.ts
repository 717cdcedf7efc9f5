import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DockerProbeOptions, dockerProbe } from '../src/docker.ts';
import { certificate } from './support/certificates.ts';
import { dockerEngine, dockerEngineFrom, health, inspection } from './support/dockerEngine.ts';
import { listen, misbehaviours, serve } from './support/tcpServers.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';
import { deadline, until } from './support/waiting.ts';

const ask = (engine: string, rest: Partial<DockerProbeOptions> = {}, signal = deadline()) =>
  dockerProbe({ container: 'a', engine, ...rest })(signal);

describe('dockerProbe', () => {
  it('passes a healthy container, with the words and the time of its last test (INV-69)', async () => {
    const { engine, asked, open } = await dockerEngine({ a: inspection('running', health('healthy', 'accepting\n')) });
    expect(await ask(engine)).toEqual({ status: 'pass', detail: 'accepting', latencyMs: 100 });
    expect(await ask(engine, { apiVersion: '1.44' })).toMatchObject({ status: 'pass' });
    expect(asked).toEqual(['GET /containers/a/json', 'GET /v1.44/containers/a/json']);
    await until(() => open.size === 0);
  });

  it.each([
    ['dead', 'container is dead'],
    ['exited', 'container is exited'],
    ['paused', 'container is paused'],
    ['restarting', 'container is restarting'],
    ['removing', 'container is removing'],
    ['stopped', 'container is stopped'],
    ['stopping', 'container is stopping'],
    ['created', 'container is not started'],
    ['configured', 'container is not started'],
    ['initialized', 'container is not started'],
  ])('fails a container that is %s, whatever its health was (INV-69)', async (status, detail) => {
    const { engine } = await dockerEngine({ a: inspection(status, health('healthy')) });
    expect(await ask(engine)).toMatchObject({ status: 'fail', detail });
  });

  it.each([
    ['unhealthy', 'refused', 'refused'],
    ['unhealthy', '', 'container health is unhealthy'],
    ['something new', '', 'container health is something new'],
  ])('fails the health %s with output %j (INV-69)', async (status, output, detail) => {
    const { engine } = await dockerEngine({ a: inspection('running', health(status, output)) });
    expect(await ask(engine)).toMatchObject({ status: 'fail', detail });
  });

  it('is undecided while a container is starting, also where no fallback is wanted', async () => {
    const { engine } = await dockerEngine({ a: inspection('running', health('starting', 'no answer yet')) });
    for (const unavailable of ['throw', 'fail'] as const) {
      await expect(ask(engine, { unavailable })).rejects.toMatchObject({
        code: 'UNDECIDED',
        message: 'container health is starting',
      });
    }
  });

  it.each<[string, unknown, string]>([
    [
      "the health 'none'",
      inspection('running', health('none', 'of before')),
      'Docker health is not available: the container has no health check',
    ],
    [
      'an empty health, which is Podman for none',
      inspection('running', { Status: '', FailingStreak: 0, Log: null }),
      'Docker health is not available: the container has no health check',
    ],
    ['no health check', inspection('running'), 'Docker health is not available: the container has no health check'],
    [
      'null for health',
      inspection('running', null),
      'Docker health is not available: the container has no health check',
    ],
    ['no state', { Id: 'a' }, 'Docker did not report the state'],
    ['a bare null', null, 'Docker did not report the state'],
  ])('breaks the check on %s', async (_title, container, message) => {
    const { engine } = await dockerEngine({ a: container });
    await expect(ask(engine)).rejects.toMatchObject({ code: 'CHECK_BROKEN', message });
  });

  it('breaks the check where the Engine cannot answer, and keeps its words', async () => {
    const unknown = await dockerEngine({});
    await expect(ask(unknown.engine)).rejects.toThrow('Docker answered 404: No such container: a');
    const boom = await dockerEngineFrom((_request, response) => response.writeHead(500).end('{"message":"boom"}'));
    await expect(ask(boom.engine)).rejects.toThrow('Docker answered 500: boom');
    const text = await dockerEngineFrom((_request, response) => response.writeHead(502).end('bad gateway'));
    await expect(ask(text.engine)).rejects.toThrow('Docker answered 502: bad gateway');
    const malformed = await dockerEngineFrom((_request, response) => response.end('{"State":'));
    await expect(ask(malformed.engine)).rejects.toThrow('inspection');
    const endless = await dockerEngineFrom((_request, response) => response.end('x'.repeat(2_000)));
    await expect(ask(endless.engine, { maxAnswerBytes: 1_000 })).rejects.toThrow(
      'Docker answered more than 1000 bytes',
    );
    const path = join(await temporaryFolder(), 'none.sock');
    await expect(ask(`unix://${path}`)).rejects.toMatchObject({ code: 'CHECK_BROKEN', message: 'no such socket' });
    const mad = await serve(misbehaviours.say('SSH-2.0-x\r\n'));
    await expect(ask(`tcp://127.0.0.1:${mad.port}`)).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
  });

  it('asks over TLS, with a certificate to show and one to trust', async () => {
    const { key, cert } = await certificate(30);
    const container = JSON.stringify(inspection('running', health('healthy')));
    const server = createTlsServer({ key, cert, ca: cert, requestCert: true }, (_request, response) =>
      response.end(container),
    );
    const engine = `https://localhost:${(await listen(server)).port}`;
    expect(await ask(engine, { tls: { ca: cert, key, cert } })).toMatchObject({ status: 'pass' });
    await expect(ask(engine)).rejects.toThrow('certificate not trusted');
    const plain = await listen(createServer((_request, response) => response.end(container)));
    expect(await ask(`tcp://127.0.0.1:${plain.port}`)).toMatchObject({ status: 'pass' });
  });

  it('fails with the same words where no fallback is wanted, and asks again next time', async () => {
    const containers: Record<string, unknown> = { a: inspection('running') };
    const { engine } = await dockerEngine(containers);
    const probe = dockerProbe({ container: 'a', engine, unavailable: 'fail' });
    expect(await probe(deadline())).toMatchObject({
      status: 'fail',
      detail: 'Docker health is not available: the container has no health check',
    });
    containers['a'] = inspection('running', health('healthy'));
    expect(await probe(deadline())).toMatchObject({ status: 'pass' });
  });

  it('is cut at the deadline by a silent Engine and closes its socket (INV-49)', async () => {
    const { engine, open } = await dockerEngineFrom(() => undefined);
    expect(await ask(engine, {}, deadline(120))).toMatchObject({
      status: 'fail',
      detail: 'timed out while asking Docker about a',
    });
    await until(() => open.size === 0);
  });

  it.each([
    [{ container: '../images' }, 'dockerProbe.container'],
    [{ container: '' }, 'dockerProbe.container'],
    [{ engine: 'ssh://host' }, 'dockerProbe.engine'],
    [{ engine: 'unix://var/run/docker.sock' }, 'dockerProbe.engine'],
    [{ apiVersion: 'latest' }, 'dockerProbe.apiVersion'],
    [{ unavailable: 'pass' }, 'dockerProbe.unavailable'],
  ])('refuses %o', (options, option) => {
    expect(() => dockerProbe({ container: 'a', ...(options as object) })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });
});
