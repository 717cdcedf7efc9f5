import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type InspectOptions, type Inspector, InvalidOptionError, inspect, NoFreePortError } from '../src/index.ts';
import { protocolName } from '../src/protocol/subprotocol.ts';
import { contentSecurityPolicy } from '../src/server/pageResponse.ts';
import { monitorView, ScriptedSupervisor } from './support/scriptedSupervisor.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each[Symbol.asyncDispose]()));
});

async function serve(options: InspectOptions = {}) {
  const keeper = new ScriptedSupervisor();
  keeper.views = [monitorView('a', 'healthy')];
  const inspector = await inspect(keeper, { port: 0, ...options });
  open.push(inspector);
  return { keeper, inspector };
}

type Reply = { readonly status: number; readonly headers: Record<string, unknown>; readonly body: string };

function ask(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

const tokenOf = async ({ port }: Inspector) =>
  (await ask(port, '/token', { 'sec-fetch-site': 'same-origin' })).body.trim();

/** Opens a WebSocket and answers `open`, or the status it was refused with. */
function connect(
  port: number,
  token: string,
  headers: Record<string, string> = {},
  hear: (frame: string) => void = () => {},
): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, [protocolName, `token.${token}`], {
    headers: { origin: `http://127.0.0.1:${port}`, ...headers },
  });
  socket.on('message', (frame) => hear(String(frame)));
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}

describe('inspect', () => {
  it('serves the page with a policy that allows nothing inline and nothing from elsewhere', async () => {
    const { inspector } = await serve();
    const { status, headers, body } = await ask(inspector.port, '/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toBe(contentSecurityPolicy);
    expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/);
    expect(body).not.toMatch(/<script(?![^>]*src=)|style=|https?:\/\//);
  });

  it('serves a page of less than 60 kB of script, without the layout engine, which is a file of its own', async () => {
    const { inspector } = await serve();
    const { body } = await ask(inspector.port, '/');
    const scripts = Array.from(body.matchAll(/<script[^>]* src="\.(\/[^"]+)"/g), ([, path = '']) => path);
    const [script] = await Promise.all(scripts.map((path) => ask(inspector.port, path)));
    expect(scripts).toHaveLength(1);
    expect(gzipSync(script?.body ?? '').length).toBeGreaterThan(1_000);
    expect(gzipSync(script?.body ?? '').length).toBeLessThan(60_000);
    expect(script?.body).not.toContain('org.eclipse.elk');
  });

  it.each(['/../package.json', '/..%2f..%2fpackage.json', '/assets/', '/nothing', '/.tsbuildinfo'])(
    'has nothing at %s',
    async (path) => {
      const { inspector } = await serve();
      expect(await ask(inspector.port, path)).toMatchObject({ status: 404 });
    },
  );

  it('refuses a foreign host and a foreign origin over HTTP', async () => {
    const { inspector } = await serve();
    expect(await ask(inspector.port, '/', { host: 'rebound.example' })).toMatchObject({ status: 421 });
    expect(await ask(inspector.port, '/', { origin: 'http://evil.example' })).toMatchObject({ status: 403 });
    expect(await ask(inspector.port, '/', {}, 'POST')).toMatchObject({ status: 405 });
  });

  it('serves the token to its own page only', async () => {
    const { inspector } = await serve();
    expect(await tokenOf(inspector)).toMatch(/^[\w-]{32}$/);
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect(await ask(inspector.port, '/token', { 'sec-fetch-site': site })).toMatchObject({ status: 403 });
    }
    expect(await ask(inspector.port, '/token')).toMatchObject({ status: 403 });
  });

  it('serves the token to nobody when access is by link, and has it in the url', async () => {
    const { inspector } = await serve({ access: 'link' });
    expect(await ask(inspector.port, '/token', { 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 404 });
    const token = /#t=([\w-]+)$/.exec(inspector.url)?.[1] ?? '';
    expect(await connect(inspector.port, token)).toBeInstanceOf(WebSocket);
    expect(await connect(inspector.port, 'x'.repeat(token.length))).toBe(401);
  });

  it('streams to a page with the token', async () => {
    const { inspector } = await serve();
    const token = await tokenOf(inspector);
    const said = await new Promise<string>((resolve, reject) => {
      const hear = (frame: string) => frame.includes('"entered"') && resolve(frame);
      connect(inspector.port, token, {}, hear).catch(reject);
    });
    expect(JSON.parse(said)).toEqual({ type: 'entered', actors: [[0, 'monitor', 'a', 'monitor.a', 0, 7]] });
  });

  it('refuses a WebSocket with a wrong token, a foreign origin or a foreign host', async () => {
    const { inspector } = await serve();
    const token = await tokenOf(inspector);
    expect(await connect(inspector.port, 'wrong')).toBe(401);
    expect(await connect(inspector.port, token, { origin: 'http://evil.example' })).toBe(403);
    expect(await connect(inspector.port, token, { host: `rebound.example:${inspector.port}` })).toBe(421);
  });

  it('sends a page what it has missed before it closes, the end of a drain too', async () => {
    const { keeper, inspector } = await serve({ tickMs: 60_000 });
    let heard = '';
    const page = await connect(inspector.port, await tokenOf(inspector), {}, (frame) => {
      heard += frame;
    });
    if (typeof page === 'number') throw new Error(`refused with ${page}`);
    await expect.poll(() => heard).toContain('"ready"');
    keeper.views = [...keeper.views, monitorView('late', 'healthy')];
    const closed = new Promise((resolve) => page.on('close', resolve));
    await inspector.close();
    expect(await closed).toBe(1001);
    expect(heard).toContain('"late"');
  });

  it('cuts off a page that does not answer when it closes', async () => {
    const { inspector } = await serve();
    const page = await connect(inspector.port, await tokenOf(inspector));
    if (typeof page === 'number') throw new Error(`refused with ${page}`);
    page.pause();
    await inspector.close();
    page.terminate();
    await expect(ask(inspector.port, '/')).rejects.toThrow();
  });

  it('refuses a page over `maxViewers` with 503, and lets one in when another has gone', async () => {
    const { inspector } = await serve({ maxViewers: 1 });
    const token = await tokenOf(inspector);
    const first = await connect(inspector.port, token);
    expect(await connect(inspector.port, token)).toBe(503);
    if (typeof first === 'number') throw new Error(`refused with ${first}`);
    first.terminate();
    await expect.poll(() => connect(inspector.port, token)).toBeInstanceOf(WebSocket);
  });

  it('closes a connection that sends a message over the limit with 1009', async () => {
    const { inspector } = await serve();
    const socket = await connect(inspector.port, await tokenOf(inspector));
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const code = await new Promise<number>((resolve) => {
      socket.on('close', resolve);
      socket.send('x'.repeat(16_385));
    });
    expect(code).toBe(1009);
  });

  it('listens on the next free port when the wanted one is taken, and tells both', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { inspector } = await serve({ port });
    expect(inspector.wantedPort).toBe(port);
    expect(inspector.port).toBeGreaterThan(port);
    expect(inspector.url).toBe(`http://127.0.0.1:${inspector.port}/`);
    await new Promise((resolve) => taken.close(resolve));
  });

  it('frees the port on close(), even with pages connected', async () => {
    const { inspector } = await serve();
    await connect(inspector.port, await tokenOf(inspector));
    await inspector.close();
    await inspector.close();
    const again = await inspect(new ScriptedSupervisor(), { port: inspector.port });
    open.push(again);
    expect(again.port).toBe(inspector.port);
  });

  it.each([
    ['port', -1],
    ['port', 65_536],
    ['port', '4600'],
    ['access', 'everybody'],
    ['maxViewers', 0],
    ['tickMs', 1],
    ['clock', {}],
    ['prot', 4_600],
  ])('refuses the option %s = %s by its name', async (name, value) => {
    const attempt = inspect(new ScriptedSupervisor(), { [name]: value } as InspectOptions);
    await expect(attempt).rejects.toThrow(InvalidOptionError);
    await expect(attempt).rejects.toMatchObject({ code: 'INVALID_OPTION', option: `inspect.${name}`, received: value });
  });

  it('throws NoFreePortError with the ports it tried when none is free', async () => {
    const taken = createServer();
    await new Promise<void>((resolve, reject) => taken.once('error', reject).listen(65_535, '127.0.0.1', resolve));
    const attempt = inspect(new ScriptedSupervisor(), { port: 65_535 });
    await expect(attempt).rejects.toThrow(NoFreePortError);
    await expect(attempt).rejects.toThrow('65535');
    await new Promise((resolve) => taken.close(resolve));
  });
});
