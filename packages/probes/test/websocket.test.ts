import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { egressPolicy } from '../src/egress.ts';
import { type WebsocketProbeOptions, websocketProbe } from '../src/websocket.ts';
import { certificate } from './support/certificates.ts';
import { listen, misbehaviours, refusedPort, type Served, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

type Rest = Omit<WebsocketProbeOptions, 'url'>;

async function hub(behave: (client: WebSocket, headers: NodeJS.Dict<string | string[]>) => void): Promise<Served> {
  const server = createServer();
  new WebSocketServer({ server }).on('connection', (client, request) => {
    client.on('error', () => undefined);
    behave(client, request.headers);
  });
  return listen(server);
}
const ask = ({ port }: Served, rest: Rest = {}, signal = deadline()) =>
  websocketProbe({ url: `ws://127.0.0.1:${port}/live#part`, ...rest })(signal);

describe('websocketProbe', () => {
  it('passes an upgrade, sends a close frame and closes its socket (INV-49)', async () => {
    let code = 0;
    const served = await hub((client) =>
      client.on('close', (closed) => {
        code = closed;
      }),
    );
    expect(await ask(served)).toMatchObject({ status: 'pass' });
    await until(() => served.open.size === 0 && code !== 0);
    expect(code).toBe(1000);
  });

  it('sends its message, credentials and protocols, and waits for the expected answer', async () => {
    const served = await hub((client, headers) => {
      client.on('message', (said) => {
        client.send('something else');
        client.send(`re: ${said} ${headers['authorization']} ${headers['sec-websocket-protocol']}`);
      });
    });
    const verdict = await websocketProbe({
      url: `ws://me:hunter2@127.0.0.1:${served.port}/`,
      send: 'ping',
      expect: `re: ping Basic ${Buffer.from('me:hunter2').toString('base64')} a,b`,
      protocols: ['a', 'b'],
    })(deadline());
    expect(verdict).toMatchObject({ status: 'pass' });
  });

  it('warns about a slow upgrade', async () => {
    expect(await ask(await hub(() => undefined), { slowAfterMs: 0.001 })).toMatchObject({
      status: 'warn',
      byTime: true,
    });
  });

  it('fails an answer that is no upgrade', async () => {
    const served = await listen(createServer((_request, response) => response.writeHead(503).end()));
    expect(await ask(served)).toMatchObject({
      status: 'fail',
      detail: 'server answered 503 Service Unavailable instead of upgrading',
    });
    await until(() => served.open.size === 0);
  });

  it('fails a server that closes before it answers, and one that says too much', async () => {
    const closing = await hub((client) => client.close(1013));
    expect(await ask(closing, { expect: 'x' })).toMatchObject({
      status: 'fail',
      detail: 'server closed the connection (1013)',
    });
    const loud = await hub((client) => client.send('x'.repeat(1_000)));
    expect(await ask(loud, { expect: 'y', maxMessageBytes: 100 })).toMatchObject({
      status: 'fail',
      detail: 'Max payload size exceeded',
    });
  });

  it.each<[string, Parameters<typeof serve>[0]]>([
    ['closes at once', misbehaviours.hangUp],
    ['resets', misbehaviours.resetAfter('HTTP/1.1 101')],
    ['speaks another protocol', misbehaviours.say('SSH-2.0-x\r\n')],
    ['forges the handshake', misbehaviours.say('HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n')],
    ['sends endless headers', misbehaviours.flood('HTTP/1.1 101 X\r\nx: ')],
  ])('fails when the server %s', async (_title, behave) => {
    const served = await serve(behave);
    expect(await ask(served)).toMatchObject({ status: 'fail', detail: expect.any(String) });
    await until(() => served.open.size === 0);
  });

  it('fails when refused and when the name does not resolve', async () => {
    expect(await websocketProbe({ url: `ws://127.0.0.1:${await refusedPort()}` })(deadline())).toMatchObject({
      detail: 'connection refused',
    });
    expect(await websocketProbe({ url: 'ws://nowhere.invalid' })(deadline())).toMatchObject({ status: 'fail' });
  });

  it('is cut at the deadline before the upgrade and before the message', async () => {
    const silent = await serve(misbehaviours.blackHole);
    expect(await ask(silent, {}, deadline(120))).toMatchObject({ detail: 'timed out while waiting for the upgrade' });
    const mute = await hub(() => undefined);
    expect(await ask(mute, { expect: 'x' }, deadline(120))).toMatchObject({
      detail: 'timed out while waiting for the message',
    });
    await until(() => silent.open.size + mute.open.size === 0);
  });

  it('asks over TLS and judges the certificate', async () => {
    const { key, cert } = await certificate(30);
    const server = createTlsServer({ key, cert });
    new WebSocketServer({ server });
    const { port } = await listen(server);
    const url = `wss://localhost:${port}/`;
    expect(await websocketProbe({ url, tls: { ca: cert } })(deadline())).toMatchObject({
      status: 'pass',
      measured: { certificateDays: 29 },
    });
    expect(await websocketProbe({ url })(deadline())).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('certificate not trusted'),
    });
  });

  it('asks no address its egress policy denies, and refuses bad options', async () => {
    const served = await hub(() => undefined);
    await expect(ask(served, { egress: egressPolicy({ deny: ['internal'] }) })).rejects.toMatchObject({
      code: 'EGRESS_DENIED',
    });
    expect(() => websocketProbe({ url: 'http://x' })).toThrow(
      expect.objectContaining({ option: 'websocketProbe.url' }),
    );
    expect(() => websocketProbe({ url: 'ws://x', protocols: [''] })).toThrow(
      expect.objectContaining({ option: 'websocketProbe.protocols' }),
    );
  });
});
