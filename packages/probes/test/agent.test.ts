import { createServer, type RequestListener } from 'node:http';
import { createServer as createH2Server } from 'node:http2';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AgentEndpointOptions, agentEndpoint, agentProbe, egressPolicy } from '../src/index.ts';
import { listen, misbehaviours, refusedPort, type Served, serve } from './support/tcpServers.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';
import { deadline, until } from './support/waiting.ts';

const site = (listener: RequestListener): Promise<Served> => listen(createServer(listener));
const agent = (options?: AgentEndpointOptions): Promise<Served> => site(agentEndpoint(options));
const through = ({ port }: Served, target: string, rest: object = {}, signal = deadline()) =>
  agentProbe({ agent: `http://127.0.0.1:${port}/check`, target, ...rest })(signal);
const query = async ({ port }: Served, search: string) => {
  const response = await fetch(`http://127.0.0.1:${port}/check?${search}`);
  return { status: response.status, body: await response.text() };
};

describe('agentProbe with an agentEndpoint', () => {
  it('checks TCP through the agent', async () => {
    const served = await agent();
    const target = await serve(misbehaviours.blackHole);
    expect(await through(served, `tcp://127.0.0.1:${target.port}`)).toMatchObject({
      status: 'pass',
      latencyMs: expect.any(Number),
    });
    expect(await through(served, `tcp4://127.0.0.1:${target.port}`)).toMatchObject({ status: 'pass' });
    expect(await through(served, `tcp://127.0.0.1:${await refusedPort()}`)).toMatchObject({
      status: 'fail',
      detail: 'connection refused',
    });
    await until(() => served.open.size + target.open.size === 0);
  });

  it('checks web servers through the agent, always by HEAD', async () => {
    const served = await agent();
    const asked: string[] = [];
    const web = await site((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(503).end();
    });
    expect(await through(served, `http://127.0.0.1:${web.port}/a?b=c`)).toMatchObject({
      status: 'fail',
      detail: '503 Service Unavailable',
    });
    expect(asked).toEqual(['HEAD /a?b=c']);
    const h2 = await listen(createH2Server((_request, response) => response.end()));
    expect(await through(served, `h2c://127.0.0.1:${h2.port}/`)).toMatchObject({ status: 'pass' });
  });

  it('checks folders through the agent', async () => {
    const served = await agent();
    const root = await temporaryFolder();
    expect(await through(served, `fileserver://${root}`)).toMatchObject({ status: 'pass' });
    expect(await through(served, `fileserver://${join(root, 'not here')}`)).toMatchObject({
      status: 'fail',
      detail: `${join(root, 'not here')} does not exist`,
    });
  });

  it('cuts a silent target at the time the caller allows', async () => {
    const served = await agent();
    const target = await serve(misbehaviours.blackHole);
    expect(await through(served, `http://127.0.0.1:${target.port}/`, { remoteTimeoutMs: 50 })).toMatchObject({
      status: 'fail',
      detail: 'timed out while waiting for the response',
    });
  });

  it('ends the remote check when the caller goes', async () => {
    const served = await agent();
    const target = await serve(misbehaviours.blackHole);
    const abort = new AbortController();
    const running = through(served, `http://127.0.0.1:${target.port}/`, {}, abort.signal);
    await until(() => target.open.size === 1);
    abort.abort();
    expect(await running).toMatchObject({ status: 'fail' });
    await until(() => target.open.size === 0);
  });

  it('asks for its token', async () => {
    const served = await agent({ token: 'open sesame' });
    const target = `tcp://127.0.0.1:${served.port}`;
    expect(await through(served, target, { token: 'open sesame' })).toMatchObject({ status: 'pass' });
    expect(await through(served, target, { token: 'open says me' })).toMatchObject({
      status: 'fail',
      detail: 'HTTP 401 the token is missing or wrong',
    });
  });
});

describe('agentEndpoint', () => {
  it.each([
    ['', 400, 'missing scheme'],
    ['scheme=http', 400, 'missing host'],
    ['scheme=tcp&host=', 400, 'missing host'],
    ['scheme=fileserver', 400, 'missing path'],
    ['scheme=tcp&host=a:1&port=2', 400, 'port is given twice'],
    ['scheme=http&host=a:1&port=2', 400, 'port is given twice'],
    ['scheme=tcp&host=a&port=x', 400, 'port is not a port'],
    ['scheme=tcp&host=a/b&port=1', 400, 'host is not a host'],
    ['scheme=tcp&host=nowhere.invalid&port=1', 502, 'cannot resolve nowhere.invalid (ENOTFOUND)'],
    ['scheme=gopher&host=a', 200, '{"healthy":false,"detail":"unsupported scheme: gopher","latency":0}'],
    ['scheme=tcp&host=a', 200, '{"healthy":false,"detail":"no port specified","latency":0}'],
    ['scheme=tcp&host=a&port=0', 200, '{"healthy":false,"detail":"no port specified","latency":0}'],
  ])('answers %j with %i %s (INV-69)', async (search, status, body) => {
    expect(await query(await agent(), search)).toEqual({ status, body });
  });

  it('takes the port beside the host, an IPv6 address, and any timeout', async () => {
    const served = await agent();
    const { port } = await serve(misbehaviours.blackHole);
    for (const timeout of ['', '0', 'soon', '-1', '200']) {
      const answer = await query(served, `scheme=tcp&host=127.0.0.1&port=${port}&timeout=${timeout}`);
      expect(JSON.parse(answer.body)).toMatchObject({ healthy: true, detail: '' });
    }
    expect(JSON.parse((await query(served, `scheme=udp6&host=[::1]&port=${port}&timeout=50`)).body)).toHaveProperty(
      'healthy',
    );
  });

  it('refuses more checks than it may run, and counts the refusals', async () => {
    const endpoint = agentEndpoint({ maxChecks: 1 });
    const served = await site(endpoint);
    const target = await serve(misbehaviours.blackHole);
    const running = query(served, `scheme=http&host=127.0.0.1:${target.port}&timeout=200`);
    await until(() => target.open.size === 1);
    expect(await query(served, 'scheme=tcp&host=a')).toEqual({ status: 503, body: 'too many checks are running' });
    expect(endpoint.refused).toBe(1);
    expect(await running).toMatchObject({ status: 200 });
    expect(await query(served, 'scheme=tcp&host=a')).toMatchObject({ status: 200 });
  });

  it('reaches nothing its policy denies', async () => {
    const served = await agent({ egress: egressPolicy({ deny: ['internal'] }), schemes: ['tcp'] });
    expect(await query(served, `scheme=tcp&host=127.0.0.1:${served.port}`)).toEqual({
      status: 502,
      body: 'The egress policy denies 127.0.0.1',
    });
    expect(await query(served, 'scheme=fileserver&path=/etc')).toMatchObject({
      body: expect.stringContaining('unsupported scheme'),
    });
  });

  it('refuses bad options', () => {
    expect(() => agentEndpoint({ schemes: ['exec' as never] })).toThrow(
      expect.objectContaining({ option: 'agentEndpoint.schemes' }),
    );
  });
});

describe('agentProbe with a bad agent', () => {
  it('breaks the check when the agent cannot be reached or talks nonsense', async () => {
    const bad = await serve(misbehaviours.say('SSH-2.0-x\r\n'));
    const gone = { ...bad, port: await refusedPort() };
    await expect(through(gone, 'tcp://a:1')).rejects.toMatchObject({
      code: 'CHECK_BROKEN',
      message: 'connection refused',
    });
    await expect(through(bad, 'tcp://a:1')).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
    for (const body of ['<html>', '{}', '{"healthy":"yes"}', 'null', '[]']) {
      const site503 = await site((_request, response) => response.end(body));
      await expect(through(site503, 'tcp://a:1'), body).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
    }
  });

  it('fails on an answer other than 200, with its words (INV-69)', async () => {
    const served = await site((_request, response) => response.writeHead(500).end('boom'));
    expect(await through(served, 'tcp://a:1')).toMatchObject({ status: 'fail', detail: 'HTTP 500 boom' });
  });

  it('is cut at the deadline by a silent agent', async () => {
    const served = await serve(misbehaviours.blackHole);
    expect(await through(served, 'tcp://a:1', {}, deadline(120))).toMatchObject({ status: 'fail' });
    await until(() => served.open.size === 0);
  });

  it('says what is wrong with its URLs', () => {
    expect(() => agentProbe({ agent: 'tcp://a', target: 'tcp://a:1' })).toThrow(
      expect.objectContaining({ option: 'agentProbe.agent' }),
    );
    expect(() => agentProbe({ agent: 'http://a', target: 'fileserver://srv' })).toThrow(/three slashes/);
    expect(() => agentProbe({ agent: 'http://a', target: 'docker://a' })).toThrow(
      expect.objectContaining({ option: 'agentProbe.target' }),
    );
  });
});
