import { createSecureServer, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { describe, expect, it } from 'vitest';
import { egressPolicy } from '../src/egress.ts';
import { type H2cProbeOptions, h2cProbe, h2Probe } from '../src/h2.ts';
import { certificate } from './support/certificates.ts';
import { listen, misbehaviours, refusedPort, type Served, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

type Rest = Omit<H2cProbeOptions, 'url'>;
type Answer = (stream: ServerHttp2Stream, headers: NodeJS.Dict<string | string[]>) => void;

function answering<TServer extends Http2Server>(server: TServer, answer: Answer): TServer {
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream: ServerHttp2Stream, headers: NodeJS.Dict<string | string[]>) => {
    stream.on('error', () => undefined);
    answer(stream, headers);
  });
  return server;
}
const site = (answer: Answer): Promise<Served> => listen(answering(createServer(), answer));
const status = (code: number): Promise<Served> =>
  site((stream) => {
    stream.respond({ ':status': code });
    stream.end('ok');
  });
const ask = ({ port }: Served, rest: Rest = {}, signal = deadline()) =>
  h2cProbe({ url: `h2c://127.0.0.1:${port}/health?a=b`, ...rest })(signal);

describe('h2cProbe', () => {
  it.each([
    [200, 'pass', 'pass'],
    [302, 'pass', 'pass'],
    [404, 'pass', 'fail'],
    [503, 'fail', 'fail'],
  ])(
    'judges %i as %s under the godoxy preset (INV-69) and %s by default, as Kubernetes',
    async (code, godoxy, kubernetes) => {
      const served = await status(code);
      expect(await ask(served, { preset: 'godoxy' })).toMatchObject({ status: godoxy, measured: { statusCode: code } });
      expect(await ask(served)).toMatchObject({ status: kubernetes, measured: { statusCode: code } });
      expect(await ask(served, { preset: 'kubernetes' })).toMatchObject({ status: kubernetes });
      await until(() => served.open.size === 0);
    },
  );

  it('asks with its method, path, headers and body', async () => {
    const served = await site((stream, headers) => {
      stream.respond({ ':status': 200 });
      let body = '';
      stream.on('data', (chunk) => {
        body += chunk;
      });
      stream.on('end', () => stream.end(JSON.stringify({ ...headers, body })));
    });
    const verdict = await ask(served, {
      method: 'POST',
      headers: { 'X-One': '1' },
      body: 'question',
      bodyJson: { ':method': 'POST', ':path': '/health?a=b', 'x-one': '1', ':scheme': 'http', body: 'question' },
    });
    expect(verdict).toMatchObject({ status: 'pass' });
  });

  it('measures a PING beside the request, or instead of it', async () => {
    let asked = 0;
    const served = await site((stream) => {
      asked += 1;
      stream.respond({ ':status': 200 }, { endStream: true });
    });
    expect(await ask(served, { ping: 'also' })).toMatchObject({
      status: 'pass',
      measured: { pingMs: expect.any(Number), statusCode: 200 },
    });
    expect(await ask(served, { ping: 'only' })).toMatchObject({
      status: 'pass',
      measured: { pingMs: expect.any(Number) },
    });
    expect(asked).toBe(1);
  });

  it('warns about a slow answer', async () => {
    expect(await ask(await status(200), { slowAfterMs: 0.001 })).toMatchObject({ status: 'warn', byTime: true });
  });

  it('reads no more of a body than its limit', async () => {
    const served = await site((stream) => {
      stream.respond({ ':status': 200 });
      stream.end(Buffer.alloc(1_000_000, 'x'));
    });
    expect(await ask(served, { method: 'GET', maxBodyBytes: 1_000 })).toMatchObject({
      status: 'pass',
      measured: { bodyBytes: 1_000 },
    });
    expect(await ask(served, { bodyContains: 'y', maxBodyBytes: 1_000 })).toMatchObject({
      status: 'fail',
      detail: 'body is larger than 1000 bytes',
    });
  });

  it('fails when refused and when the name does not resolve', async () => {
    expect(await h2cProbe({ url: `http://127.0.0.1:${await refusedPort()}` })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'connection refused',
    });
    expect(await h2cProbe({ url: 'h2c://nowhere.invalid' })(deadline())).toMatchObject({ status: 'fail' });
  });

  it.each<[string, Parameters<typeof serve>[0]]>([
    ['closes at once', misbehaviours.hangUp],
    ['resets', misbehaviours.resetAfter('')],
    ['speaks HTTP/1.1', misbehaviours.say('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['speaks nonsense', misbehaviours.say('\u0000\u0001nonsense '.repeat(50))],
    ['floods', misbehaviours.flood('')],
  ])('fails when the server %s', async (_title, behave) => {
    const served = await serve(behave);
    expect(await ask(served)).toMatchObject({ status: 'fail', detail: expect.any(String) });
    await until(() => served.open.size === 0);
  });

  it('fails when the server resets the stream', async () => {
    const served = await site((stream) => stream.close(2));
    expect(await ask(served)).toMatchObject({ status: 'fail' });
    const half = await site((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('half', () => stream.destroy(new Error('broken')));
    });
    expect(await ask(half, { method: 'GET' })).toMatchObject({ status: 'fail' });
  });

  it.each<[string, () => Promise<Served>, string]>([
    ['no preface', () => serve(misbehaviours.blackHole), 'timed out while opening the HTTP/2 session'],
    ['no response', () => site(() => undefined), 'timed out while waiting for the response'],
    [
      'no end of the body',
      () => site((stream) => stream.respond({ ':status': 200 })),
      'timed out while reading the body',
    ],
  ])('is cut at the deadline by %s', async (_title, start, detail) => {
    const served = await start();
    expect(await ask(served, { method: 'GET' }, deadline(120))).toMatchObject({ status: 'fail', detail });
    await until(() => served.open.size === 0);
  });

  it('asks no address its egress policy denies', async () => {
    const served = await status(200);
    await expect(ask(served, { egress: egressPolicy({ deny: ['internal'] }) })).rejects.toMatchObject({
      code: 'EGRESS_DENIED',
    });
  });

  it('refuses other schemes and TLS options', () => {
    expect(() => h2cProbe({ url: 'https://host' })).toThrow(expect.objectContaining({ option: 'h2cProbe.url' }));
    expect(() => h2cProbe({ url: 'h2c://host', tls: {} } as never)).toThrow(
      expect.objectContaining({ option: 'h2cProbe.tls' }),
    );
  });
});

describe('h2Probe', () => {
  it('asks over TLS and measures the certificate', async () => {
    const { key, cert } = await certificate(30);
    const served = await listen(
      answering(createSecureServer({ key, cert }), (stream) => stream.respond({ ':status': 204 }, { endStream: true })),
    );
    const url = `https://localhost:${served.port}/`;
    expect(await h2Probe({ url, tls: { ca: cert }, ping: 'also' })(deadline())).toMatchObject({
      status: 'pass',
      measured: { statusCode: 204, certificateDays: 29, pingMs: expect.any(Number) },
    });
    expect(await h2Probe({ url, tls: { ca: cert }, certificateWarnDays: 60 })(deadline())).toMatchObject({
      status: 'warn',
    });
    expect(await h2Probe({ url })(deadline())).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('certificate not trusted'),
    });
    expect(await h2Probe({ url, untrusted: 'pass' })(deadline())).toMatchObject({ status: 'pass' });
    await until(() => served.open.size === 0);
  });

  it('fails a server that chooses HTTP/1.1', async () => {
    const { key, cert } = await certificate(30);
    const served = await listen(createTlsServer({ key, cert }));
    const url = `h2://localhost:${served.port}/`;
    expect(await h2Probe({ url, tls: { ca: cert } })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'server does not speak HTTP/2',
    });
  });
});
