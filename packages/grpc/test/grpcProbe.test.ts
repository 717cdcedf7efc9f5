import { createServer, type Http2Server } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createSupervisor, InvalidOptionError } from '@watchkeeper/core';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { type GrpcTarget, grpcProbe, watchHealth } from '../src/client.ts';
import { healthDefinition, healthService } from '../src/index.ts';
import { listen, serve, target, until } from './support/testServer.ts';

const never = new AbortController().signal;

describe('grpcProbe', () => {
  const at = (port: number, rest: Partial<GrpcTarget> = {}) => grpcProbe({ target: `127.0.0.1:${port}`, ...rest });

  it('judges what Check answers', async () => {
    await using served = await serve();
    const api = target(served.keeper, 'api');
    await until(() => api.health === 'healthy');
    expect(await at(served.port, { service: 'api' })(never)).toMatchObject({ status: 'pass' });
    api.become('-');
    await until(() => api.health === 'unhealthy');
    expect(await at(served.port, { service: 'api' })(never)).toMatchObject({ status: 'fail', detail: 'NOT_SERVING' });
    expect(await at(served.port, { service: 'x' })(never)).toMatchObject({ status: 'fail', detail: 'SERVICE_UNKNOWN' });
  });

  it('fails for a port where nobody listens, and ends at its deadline where nobody answers', async () => {
    const silent: Http2Server = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    expect(await at(port, { timeoutMs: 100 })(never)).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^status 4:/),
      byTime: true,
    });
    await new Promise((resolve) => silent.close(resolve));
    expect(await at(port)(never)).toMatchObject({ status: 'fail', detail: expect.stringMatching(/ECONNREFUSED/) });
  });

  it('speaks TLS, and fails for a certificate that is not trusted or not the right one', async () => {
    const pems = await generate([{ name: 'commonName', value: 'orders.test' }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'orders.test' }] }],
    });
    const keeper = createSupervisor();
    const { definition, implementation } = healthService(keeper);
    const server = new Server();
    server.addService(definition, implementation);
    const secure = ServerCredentials.createSsl(null, [
      { private_key: Buffer.from(pems.private), cert_chain: Buffer.from(pems.cert) },
    ]);
    const port = await listen(server, 0, secure);
    const ca = pems.cert;
    expect(await at(port, { tls: { ca, serverName: 'orders.test' } })(never)).toMatchObject({ status: 'pass' });
    expect(await at(port, { tls: { ca } })(never)).toMatchObject({ status: 'fail' });
    expect(await at(port, { tls: { serverName: 'orders.test' } })(never)).toMatchObject({ status: 'fail' });
    server.forceShutdown();
    await keeper.stop();
  });

  it('passes with a warning where there is no health service, and breaks where there is no such name', async () => {
    const server = new Server();
    const port = await listen(server);
    expect(await at(port)(never)).toMatchObject({ status: 'warn', detail: 'serves no grpc.health.v1' });
    server.forceShutdown();
    await expect(grpcProbe({ target: 'nowhere.invalid:1' })(never)).rejects.toThrow('Name resolution failed');
  });

  it('ends soon after it is aborted, and leaves no connection behind (INV-49)', async () => {
    const sockets = new Set<object>();
    const streams: object[] = [];
    const silent = createServer((request) => streams.push(request));
    silent.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const abort = new AbortController();
    const asked = at(port)(abort.signal);
    await until(() => streams.length === 1);
    abort.abort(new DOMException('too late', 'TimeoutError'));
    expect(await asked).toMatchObject({ status: 'fail', detail: 'timed out while waiting for the answer' });
    await until(() => sockets.size === 0);
    await new Promise((resolve) => silent.close(resolve));
  });

  it('says in what an abort found it, as every other probe does (INV-49)', async () => {
    expect(await at(1)(AbortSignal.abort())).toMatchObject({ status: 'fail', detail: 'aborted while starting' });
    const silent = createTcpServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const abort = new AbortController();
    const sockets: Socket[] = [];
    silent.once('connection', (socket) => {
      sockets.push(socket);
      abort.abort(new DOMException('too late', 'TimeoutError'));
    });
    expect(await at(port)(abort.signal)).toMatchObject({ status: 'fail', detail: 'timed out while connecting' });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('leaves no connection behind after many checks', async () => {
    await using served = await serve();
    const probe = at(served.port);
    const before = process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCPSocket')).length;
    for (let turn = 0; turn < 30; turn++) expect((await probe(never)).status).toBe('pass');
    await until(() => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCPSocket')).length <= before);
  });

  it.each([
    ['target', { target: '' }],
    ['service', { target: 'a', service: 1 }],
    ['timeoutMs', { target: 'a', timeoutMs: 0 }],
    ['tls', { target: 'a', tls: { cert: 'without key' } }],
  ])('checks its options: %s', (name, options) => {
    expect(() => grpcProbe(options as GrpcTarget)).toThrow(InvalidOptionError);
    expect(() => grpcProbe(options as GrpcTarget)).toThrow(`grpcProbe.${name}`);
  });
});

describe('a server with Check only', () => {
  it('is asked by Check', async () => {
    const { Check } = healthDefinition;
    const server = new Server();
    server.addService(
      { Check },
      { Check: (_call: unknown, answer: (e: null, r: object) => void) => answer(null, { status: 'SERVING' }) },
    );
    const port = await listen(server);
    using watch = watchHealth({ target: `127.0.0.1:${port}` });
    await until(() => watch.view.status === 'SERVING');
    expect(watch.view.mode).toBe('checking');
    server.forceShutdown();
  });
});
