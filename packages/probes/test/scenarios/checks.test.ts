import { createServer } from 'node:http';
import { createServer as createH2Server } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { agentEndpoint, agentProbe, h2cProbe, httpProbe, tcpProbe } from '../../src/index.ts';
import { listen, misbehaviours, refusedPort, serve } from '../support/tcpServers.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { deadline } from '../support/waiting.ts';

const asking = async (search: string) => {
  const { port } = await listen(createServer(agentEndpoint()));
  const response = await fetch(`http://127.0.0.1:${port}/?${search}`);
  return { status: response.status, body: await response.text() };
};

describe("what GoDoxy's checks were tested for", () => {
  it.each([
    ['httpProbe', httpProbe],
    ['h2cProbe', h2cProbe],
  ])('%s: no URL and no host are said before anything is dialled', (_, probe) => {
    expect(() => probe({ url: undefined as never })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => probe({ url: 'http://' })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it('Stream: no host and no port are said before anything is dialled', () => {
    expect(() => tcpProbe({ host: '', port: 1 })).toThrow(expect.objectContaining({ option: 'tcpProbe.host' }));
    expect(() => tcpProbe({ host: 'a', port: 0 })).toThrow(expect.objectContaining({ option: 'tcpProbe.port' }));
  });

  it('AgentProxied: an invalid URL is said at once', () => {
    for (const target of [undefined as never, 'nowhere']) {
      expect(() => agentProbe({ agent: 'http://127.0.0.1:1', target })).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      );
    }
  });

  it('a dial error is compact, another error is kept, and the latency with it', async () => {
    const url = `http://127.0.0.1:${await refusedPort()}/`;
    expect(await httpProbe({ url })(deadline())).toEqual({
      status: 'fail',
      detail: 'connection refused',
      latencyMs: expect.any(Number),
    });
    const { port } = await serve(misbehaviours.say('SSH-2.0-x\r\n'));
    expect(await httpProbe({ url: `http://127.0.0.1:${port}/` })(deadline())).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^not a valid HTTP response/),
      latencyMs: expect.any(Number),
    });
  });

  it('H2C: an answer over prior knowledge is healthy', async () => {
    const { port } = await listen(createH2Server((_request, response) => response.end()));
    expect(await h2cProbe({ url: `h2c://127.0.0.1:${port}/` })(deadline())).toMatchObject({ status: 'pass' });
  });

  it('the agent answers: valid, missing host 400, refused 200 unhealthy', async () => {
    const { port } = await listen(createServer((_request, response) => response.end('ok')));
    expect(await asking(`scheme=http&host=127.0.0.1:${port}&path=/`)).toMatchObject({
      status: 200,
      body: expect.stringContaining('"healthy":true'),
    });
    expect(await asking('scheme=http&path=/')).toEqual({ status: 400, body: 'missing host' });
    expect(await asking(`scheme=tcp&host=127.0.0.1:${await refusedPort()}`)).toMatchObject({
      status: 200,
      body: expect.stringContaining('"healthy":false,"detail":"connection refused"'),
    });
  });

  it('the agent answers: a path that is there, and a missing one with its text', async () => {
    const root = await temporaryFolder();
    expect((await asking(`scheme=fileserver&path=${root}`)).body).toContain('"healthy":true');
    expect((await asking(`scheme=fileserver&path=${root}/none`)).body).toContain(`${root}/none does not exist`);
  });

  it('the agent answers: tcp and udp, an empty host 400, a port twice 400', async () => {
    const { port } = await serve(misbehaviours.blackHole);
    expect((await asking(`scheme=tcp&host=127.0.0.1&port=${port}`)).body).toContain('"healthy":true');
    expect((await asking(`scheme=udp&host=127.0.0.1&port=${port}&timeout=20`)).body).toContain('"healthy"');
    expect(await asking('scheme=tcp&host=')).toEqual({ status: 400, body: 'missing host' });
    expect(await asking('scheme=tcp&host=a:1&port=1')).toEqual({ status: 400, body: 'port is given twice' });
  });
});
