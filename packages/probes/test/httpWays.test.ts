import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { egressPolicy, type HttpProbeOptions, h2cProbe, httpProbe, websocketProbe } from '../src/index.ts';
import { certificate } from './support/certificates.ts';
import { listen, misbehaviours, refusedPort, serve } from './support/tcpServers.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';
import { deadline, until } from './support/waiting.ts';

const site = (listener: RequestListener) => listen(createServer(listener));
const at = (port: number, path = '/') => `http://127.0.0.1:${port}${path}`;
const ask = (url: string, rest: Omit<HttpProbeOptions, 'url'> = {}) => httpProbe({ url, ...rest })(deadline());

/** Redirects `/n` to `/n-1`, down to `/0`, and notes what it was asked. */
async function chain(status = 302) {
  const asked: IncomingMessage[] = [];
  const served = await site((request, response) => {
    asked.push(request);
    const left = Number(request.url?.slice(1));
    if (left > 0) response.writeHead(status, { location: `/${left - 1}` }).end();
    else response.end('there');
  });
  return { ...served, asked, paths: () => asked.map(({ url }) => url) };
}

describe('redirects', () => {
  it('are judged as they are, unless they are to be followed', async () => {
    const { port, paths } = await chain();
    expect(await ask(at(port, '/3'), { bodyContains: 'there' })).toMatchObject({ status: 'fail' });
    expect(await ask(at(port, '/3'), { maxRedirects: 3, bodyContains: 'there' })).toMatchObject({ status: 'pass' });
    expect(paths()).toEqual(['/3', '/3', '/2', '/1', '/0']);
    expect(await ask(at(port, '/4'), { maxRedirects: 3 })).toMatchObject({
      status: 'fail',
      detail: 'more than 3 redirects',
    });
  });

  it('are followed over kept connections and over HTTP/2 too', async () => {
    const { port } = await chain();
    const probe = httpProbe({ url: at(port, '/2'), maxRedirects: 5, keepAliveMs: 60_000, bodyContains: 'there' });
    expect(await probe(deadline())).toMatchObject({ status: 'pass' });
    expect(await probe(deadline())).toMatchObject({ status: 'pass' });
    const server = createHttp2Server((request, response) => {
      if (request.url === '/') response.writeHead(307, { location: '/there' }).end();
      else response.end('there');
    });
    const mesh = await listen(server);
    const h2c = h2cProbe({ url: at(mesh.port), maxRedirects: 1, bodyContains: 'there' });
    expect(await h2c(deadline())).toMatchObject({ status: 'pass' });
    await until(() => mesh.open.size === 0);
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'PUT', 'PUT'],
    [302, 'PUT', 'PUT'],
    [303, 'HEAD', 'HEAD'],
  ])('%i of %s goes on by %s', async (status, method, next) => {
    const { port, asked } = await chain(status);
    const body = method === 'HEAD' ? {} : { body: 'question', headers: { 'content-type': 'text/plain' } };
    expect(await ask(at(port, '/1'), { method, ...body, maxRedirects: 1 })).toMatchObject({ status: 'pass' });
    expect(asked.map((request) => request.method)).toEqual([method, next]);
    const kept = next === method && method !== 'HEAD' ? 'text/plain' : undefined;
    expect(asked[1]?.headers['content-type']).toBe(kept);
  });

  it('show no credentials to another origin', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const other = await site((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    const first = await site((_request, response) => response.writeHead(302, { location: at(other.port) }).end());
    const headers = { cookie: 'a=b', 'x-api-key': 'k', 'x-trace': 't' };
    const url = at(first.port).replace('//', '//user:secret@');
    expect(await ask(url, { headers, maxRedirects: 1 })).toMatchObject({ status: 'pass' });
    expect(seen[0]).toMatchObject({ 'x-trace': 't', host: `127.0.0.1:${other.port}` });
    for (const name of ['authorization', 'cookie', 'x-api-key']) expect(seen[0]).not.toHaveProperty(name);
  });

  it('are dialled by the egress policy, each', async () => {
    const inner = await serve(misbehaviours.blackHole);
    const resolver = async () => ['127.0.0.1'];
    const outer = await site((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.2:${inner.port}/` }).end(),
    );
    const egress = egressPolicy({ allow: ['127.0.0.1'] });
    const url = `http://site.test:${outer.port}/`;
    await expect(ask(url, { maxRedirects: 1, egress, resolver })).rejects.toMatchObject({ code: 'EGRESS_DENIED' });
    expect(inner.accepted()).toBe(0);
  });

  it.each([
    [undefined, '302 without a usable location'],
    ['http://', '302 without a usable location'],
    ['file:///etc/passwd', '302 to file:, which is not followed'],
    ['gopher://a/', '302 to gopher:, which is not followed'],
  ])('to %j fail', async (location, detail) => {
    const { port } = await site((_request, response) =>
      response.writeHead(302, location === undefined ? {} : { location }).end(),
    );
    expect(await ask(at(port), { maxRedirects: 1 })).toMatchObject({ status: 'fail', detail });
  });
});

describe('a web server on a unix socket', () => {
  it('is asked as any other, and left for no other', async () => {
    const socketPath = join(await temporaryFolder(), 'web.sock');
    const hosts: unknown[] = [];
    const server = createServer((request, response) => {
      hosts.push(request.headers.host);
      if (request.url === '/away') response.writeHead(302, { location: 'http://elsewhere.test/' });
      response.end('ok');
    });
    new WebSocketServer({ server });
    const served = await listen(server, socketPath);
    expect(await ask('http://app.test/health', { socketPath, bodyContains: 'ok' })).toMatchObject({ status: 'pass' });
    expect(await ask('http://app.test/away', { socketPath, maxRedirects: 1 })).toMatchObject({
      status: 'fail',
      detail: 'redirected to http://elsewhere.test, away from the socket',
    });
    expect(hosts).toEqual(['app.test', 'app.test']);
    expect(httpProbe({ url: 'http://a/', socketPath }).host).toBe(socketPath.toLowerCase());
    expect(await websocketProbe({ url: 'ws://app.test/', socketPath })(deadline())).toMatchObject({ status: 'pass' });
    await until(() => served.open.size === 0);
    const none = join(await temporaryFolder(), 'none.sock');
    expect(await ask('http://a/', { socketPath: none })).toMatchObject({ status: 'fail', detail: 'no such socket' });
  });
});

/** A proxy that forwards and tunnels to this machine, whatever host it is asked for. */
async function proxyServer() {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    response.end('forwarded');
  });
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    const onward = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => onward.destroy()).on('close', () => onward.destroy());
  });
  const served = await listen(server);
  return { ...served, seen, proxy: `http://me:pa%20ss@127.0.0.1:${served.port}` };
}

const credentials = `Basic ${Buffer.from('me:pa ss').toString('base64')}`;

describe('a proxy', () => {
  it('forwards plain requests, and tunnels all else', async () => {
    const { proxy, seen } = await proxyServer();
    expect(await ask('http://shop.test/health?a=b', { proxy, bodyContains: 'forwarded' })).toMatchObject({
      status: 'pass',
    });
    const { key, cert } = await certificate(30);
    const secure = await listen(createHttpsServer({ key, cert }, (_request, response) => response.end('through')));
    const url = `https://localhost:${secure.port}/`;
    expect(await ask(url, { proxy, tls: { ca: cert }, bodyContains: 'through' })).toMatchObject({ status: 'pass' });
    const mesh = await listen(createHttp2Server((_request, response) => response.end('through')));
    expect(await h2cProbe({ url: `http://mesh.test:${mesh.port}/`, proxy })(deadline())).toMatchObject({
      status: 'pass',
    });
    expect(seen).toEqual([
      `GET http://shop.test/health?a=b ${credentials}`,
      `CONNECT localhost:${secure.port} ${credentials}`,
      `CONNECT mesh.test:${mesh.port} ${credentials}`,
    ]);
    await until(() => secure.open.size + mesh.open.size === 0);
  });

  it('is none unless it is asked for, whatever the environment says', async () => {
    const { seen, port } = await proxyServer();
    const served = await site((_request, response) => response.end());
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: `http://127.0.0.1:${port}`, HTTP_PROXY: `http://127.0.0.1:${port}` });
    try {
      expect(await ask(at(served.port))).toMatchObject({ status: 'pass' });
    } finally {
      process.env = before;
    }
    expect(seen).toEqual([]);
  });

  it('that cannot be reached or refuses breaks the check; one that reaches nobody fails the target', async () => {
    const url = 'https://shop.test/';
    const gone = `http://127.0.0.1:${await refusedPort()}`;
    await expect(ask(url, { proxy: gone })).rejects.toMatchObject({
      code: 'CHECK_BROKEN',
      message: 'proxy: connection refused',
    });
    for (const [answer, message] of [
      ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'proxy: it answered 407'],
      ['SSH-2.0-x\r\n\r\n', 'proxy: it does not speak HTTP'],
      ['HTTP/1.1 200 OK\r\n', 'proxy: it closed the connection'],
      [`HTTP/1.1 200 OK\r\n${'x'.repeat(20_000)}`, 'proxy: its answer is too long'],
    ] as const) {
      const { port } = await serve(misbehaviours.say(answer));
      await expect(ask(url, { proxy: at(port) })).rejects.toMatchObject({ code: 'CHECK_BROKEN', message });
    }
    const { port } = await serve(misbehaviours.say('HTTP/1.1 504 Gateway Timeout\r\n\r\n'));
    expect(await ask(url, { proxy: at(port) })).toMatchObject({ status: 'fail', detail: 'the proxy answered 504' });
    const silent = await serve(misbehaviours.blackHole);
    expect(await httpProbe({ url, proxy: at(silent.port) })(deadline(100))).toMatchObject({
      detail: 'timed out while waiting for the proxy',
    });
    await until(() => silent.open.size === 0);
  });

  it('is refused where something else would be void', () => {
    const proxy = 'http://proxy.test:3128';
    for (const [options, option] of [
      [{ proxy, egress: egressPolicy({}) }, 'httpProbe.egress'],
      [{ proxy, address: '127.0.0.1' }, 'httpProbe.address'],
      [{ proxy, socketPath: '/a' }, 'httpProbe.socketPath'],
      [{ proxy: 'socks5://proxy.test' }, 'httpProbe.proxy'],
    ] as const) {
      expect(() => httpProbe({ url: 'http://a/', ...options })).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', option }),
      );
    }
  });
});
