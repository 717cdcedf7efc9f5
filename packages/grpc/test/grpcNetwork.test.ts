import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { InvalidOptionError } from '@watchkeeper/core';
import { systemLookups } from '@watchkeeper/core/adapters';
import { describe, expect, it, onTestFinished } from 'vitest';
import { grpcMakers, grpcProbe, watchHealth } from '../src/client.ts';
import { serve } from './support/testServer.ts';

const never = new AbortController().signal;

/** A policy of these addresses, which notes what it was asked. */
function policy(...permitted: readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    denied: 0,
    permits(address: string) {
      asked.push(address);
      return permitted.includes(address);
    },
  };
}

/** A TCP server that accepts, and does no more. */
async function silentServer() {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { open, port: (server.address() as AddressInfo).port };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('grpcProbe and an egress policy', () => {
  it.each(['127.0.0.1', 'localhost', 'dns:///localhost', 'ipv4:127.0.0.1', '[::ffff:127.0.0.1]'])(
    'dials nothing of %s that it denies',
    async (host) => {
      const { open, port } = await silentServer();
      const egress = policy('192.0.2.1');
      const probe = grpcProbe({ target: `${host}:${port}`, egress });
      await expect(probe(never)).rejects.toMatchObject({ code: 'EGRESS_DENIED' });
      expect(egress.asked.length).toBeGreaterThan(0);
      expect(open.size).toBe(0);
    },
  );

  it('dials what it permits, and of several addresses only that', async () => {
    await using served = await serve();
    const egress = policy('127.0.0.1');
    const resolver = async () => ['127.0.0.2', '127.0.0.1', '::1'];
    const target = `orders.test:${served.port}`;
    expect(await grpcProbe({ target, egress, resolver })(never)).toMatchObject({ status: 'pass' });
    expect(egress.asked).toEqual(['127.0.0.2', '127.0.0.1', '::1']);
    using watch = watchHealth({ target, egress, resolver });
    await until(() => watch.view.status === 'SERVING');
    using denied = watchHealth({ target, egress: policy(), resolver, timeoutMs: 500 });
    expect(await denied.probe(never)).toMatchObject({ status: 'fail', detail: expect.stringContaining('denies') });
  });

  it('is given one by fromUrl too', async () => {
    const probe = grpcMakers.grpc(new URL('grpc://127.0.0.1:1/a'), { egress: policy() });
    await expect(probe(never)).rejects.toMatchObject({ code: 'EGRESS_DENIED' });
    expect(() => grpcMakers.grpc(new URL('grpc://a'), { resolver: 'dns' })).toThrow(InvalidOptionError);
  });
});

describe('grpcProbe and names', () => {
  it('fails when the first of several addresses refuses, and none answers', async () => {
    const resolver = async () => ['127.0.0.1', '127.0.0.2'];
    expect(await grpcProbe({ target: 'orders.test:1', resolver })(never)).toMatchObject({ status: 'fail' });
  });

  it('breaks on a name that does not resolve, and on what is no address', async () => {
    for (const resolver of [
      async () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
      async () => [],
      async () => ['elsewhere.test'],
    ]) {
      await expect(grpcProbe({ target: 'orders.test:1', resolver })(never)).rejects.toThrow('Name resolution failed');
    }
  });

  it('is undecided where other checks hold all look-ups until its time is up', async () => {
    const ends: (() => void)[] = [];
    for (const name of ['one', 'two']) {
      void systemLookups.ask(name, () => new Promise<void>((resolve) => void ends.push(resolve)), never);
    }
    const signal = AbortSignal.timeout(60);
    await expect(grpcProbe({ target: 'localhost:1' })(signal)).rejects.toMatchObject({ code: 'UNDECIDED' });
    for (const end of ends) end();
    const resolver = () => new Promise<string[]>(() => undefined);
    expect(await grpcProbe({ target: 'orders.test:1', resolver })(AbortSignal.timeout(60))).toMatchObject({
      status: 'fail',
      detail: 'timed out while resolving the name',
    });
  });
});

describe('grpcProbe and proxies', () => {
  it('takes none from the environment', async () => {
    await using served = await serve();
    const { open, port } = await silentServer();
    const before = { ...process.env };
    Object.assign(process.env, { grpc_proxy: `http://127.0.0.1:${port}`, http_proxy: `http://127.0.0.1:${port}` });
    try {
      expect(await grpcProbe({ target: `localhost:${served.port}` })(never)).toMatchObject({ status: 'pass' });
    } finally {
      process.env = before;
    }
    expect(open.size).toBe(0);
  });

  it('goes through the one it is given', async () => {
    await using served = await serve();
    const seen: string[] = [];
    const proxy = createHttpServer();
    proxy.on('connect', (request, socket) => {
      seen.push(`${request.url} ${request.headers['proxy-authorization']}`);
      const onward = connect(served.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [onward, socket]) end.on('error', () => onward.destroy()).on('close', () => onward.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => void proxy.close());
    const url = `http://me:pa%20ss@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    expect(await grpcProbe({ target: 'orders.test:50051', proxy: url })(never)).toMatchObject({ status: 'pass' });
    expect(seen).toEqual([`orders.test:50051 Basic ${Buffer.from('me:pa ss').toString('base64')}`]);
    expect(() => grpcProbe({ target: 'a:1', proxy: url, egress: policy() })).toThrow('grpcProbe.egress');
    expect(() => watchHealth({ target: 'a:1', proxy: url, egress: policy() })).toThrow('watchHealth.egress');
    expect(() => grpcProbe({ target: 'a:1', proxy: 'socks5://b' })).toThrow('grpcProbe.proxy');
  });
});

describe('the sockets of grpcProbe', () => {
  it('are closed when it is aborted by a server that accepts and says nothing (INV-49)', async () => {
    const { open, port } = await silentServer();
    const checks = Array.from({ length: 10 }, () => {
      const abort = new AbortController();
      return { abort, verdict: grpcProbe({ target: `127.0.0.1:${port}` })(abort.signal) };
    });
    await until(() => open.size === checks.length);
    for (const { abort } of checks) abort.abort(new DOMException('too late', 'TimeoutError'));
    for (const { verdict } of checks) {
      expect(await verdict).toMatchObject({ status: 'fail', detail: 'timed out while connecting' });
    }
    await until(() => open.size === 0);
  });

  it('are closed when its own deadline passes, and when a watch is closed (INV-49)', async () => {
    const { open, port } = await silentServer();
    const target = `127.0.0.1:${port}`;
    expect(await grpcProbe({ target, timeoutMs: 60 })(never)).toMatchObject({ status: 'fail' });
    const watch = watchHealth({ target });
    await until(() => open.size === 1);
    watch.close();
    await until(() => open.size === 0);
  });
});
