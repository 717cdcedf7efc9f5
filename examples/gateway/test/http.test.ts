import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config/readConfig.ts';
import { forward } from '../src/http/forward.ts';
import { Upstreams } from '../src/http/upstreams.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a request that is passed on', () => {
  it('arrives whole, without what was about one connection, and with who asked', async () => {
    let asked: { method?: string | undefined; url?: string | undefined; headers: IncomingHttpHeaders } | undefined;
    const upstream = await serve((request, response) => {
      asked = request;
      request.pipe(response.writeHead(201, { 'x-answer': 'yes', connection: 'x-private', 'x-private': 'no' }));
    });
    const front = await serve((request, response) => forward(request, response, new URL('/there?q=1', upstream)));
    const answer = await fetch(`${front}/here`, {
      method: 'POST',
      body: 'hello',
      headers: { 'x-mine': '1', te: 'trailers', 'x-forwarded-for': '192.0.2.1' },
    });
    expect([answer.status, await answer.text(), answer.headers.get('x-answer')]).toEqual([201, 'hello', 'yes']);
    expect(answer.headers.get('x-private')).toBeNull();
    expect(asked).toMatchObject({ method: 'POST', url: '/there?q=1' });
    expect(asked?.headers).toMatchObject({
      'x-mine': '1',
      host: new URL(upstream).host,
      'x-forwarded-for': '192.0.2.1, 127.0.0.1',
      'x-forwarded-host': new URL(front).host,
    });
    expect(asked?.headers).not.toHaveProperty('te');
  });

  it('is answered by 502 where there is no upstream', async () => {
    const front = await serve((request, response) => forward(request, response, new URL('http://127.0.0.1:1/')));
    expect((await fetch(front)).status).toBe(502);
  });

  it('takes its client’s answer down with it when the upstream breaks half-way', async () => {
    const upstream = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half');
      setImmediate(() => response.destroy());
    });
    const front = await serve((request, response) => forward(request, response, new URL(upstream)));
    await expect(fetch(front).then((answer) => answer.text())).rejects.toThrow();
  });

  it('ends at the upstream when its client goes away', async () => {
    let begin: () => void = () => {};
    let end: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const upstream = await serve((_, response) => {
      response.on('close', end);
      begin();
    });
    const front = await serve((request, response) => forward(request, response, new URL(upstream)));
    const client = connect(Number(new URL(front).port), '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await begun;
    client.destroy();
    await ended;
  });
});

describe('the upstream of a request', () => {
  const { config } = readConfig(
    'gateway.yaml',
    `routes:
  app: { url: "http://app:1/health", proxy: /app }
  deep: { url: "https://deep/", proxy: /app/deep }
  one: { url: "http://one:1/" }
  two: { url: "http://two:2/" }
  port: { url: "tcp://three:3" }
  pair: { of: [one, two, port], proxy: /pair }
`,
  );

  function upstreams(healths: Readonly<Record<string, string>> = {}) {
    const found = new Upstreams({
      monitorOf: (id) => ({ status: { effectiveHealth: healths[id] ?? 'healthy' } }) as never,
    });
    return (target: string) => {
      const upstream = found.find(config, target);
      return upstream === undefined ? 'none' : `${upstream.route} ${upstream.to?.href ?? 'is not well'}`;
    };
  }

  it('the upstream of a request is that of the longest path that fits, by whole parts', () => {
    const find = upstreams();
    expect(['/app', '/app/x?y=1', '/app/deep/z', '/apple', '/'].map(find)).toEqual([
      'app http://app:1/',
      'app http://app:1/x?y=1',
      'deep https://deep/z',
      'none',
      'none',
    ]);
  });

  it('the upstream is never a host that the request names', () => {
    const find = upstreams();
    expect(find('/app//evil.example/x')).toBe('app http://app:1//evil.example/x');
    expect(find('/app/@evil.example')).toBe('app http://app:1/@evil.example');
  });

  it('the upstream is each member in turn, but only those that are well (INV-72)', () => {
    const find = upstreams();
    expect(['/pair', '/pair', '/pair'].map(find)).toEqual([
      'pair http://one:1/',
      'pair http://two:2/',
      'pair http://one:1/',
    ]);
    const halved = upstreams({ one: 'unhealthy' });
    expect(['/pair', '/pair'].map(halved)).toEqual(['pair http://two:2/', 'pair http://two:2/']);
  });

  it.each(['unhealthy', 'error', 'starting', 'stale'])('there is no upstream where the target is %s', (health) => {
    expect(upstreams({ app: health })('/app')).toBe('app is not well');
  });
});
