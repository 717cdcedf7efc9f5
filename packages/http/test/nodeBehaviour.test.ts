import { once } from 'node:events';
import type { ServerHttp2Stream } from 'node:http2';
import { Server as NetServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { serveHttp2 } from './support/http2Client.ts';
import { dial, serve, until } from './support/testServer.ts';

const greatest = 2 ** 31 - 1;
const node = Number(process.versions.node.split('.')[0]);

// What Node does, as far as our adapters are built on it. One of these failing means: look at the adapter again.
describe('Node', () => {
  it('L4: ignores every stream that crosses a GOAWAY with the greatest id, without a word', async () => {
    const { sessions, dial } = await serveHttp2((_, response) => response.end('served'));
    const client = await dial();
    await client.ask('/');
    sessions[0]?.goaway(0, greatest);
    let over = false;
    void client.ask('/').then(() => {
      over = true;
    });
    await until(() => client.goaways.length > 0);
    await new Promise((resolve) => client.session.ping(resolve));
    expect([client.goaways[0], over]).toEqual([[0, greatest], false]);
  });

  it('L4: refuses a stream that crosses close(), so that it is safe to retry', async () => {
    const { sessions, dial } = await serveHttp2((_, response) => response.end('served'));
    const client = await dial();
    await client.ask('/');
    sessions[0]?.close();
    const crossing = await client.ask('/');
    expect([crossing.status, client.goaways[0]]).toEqual([undefined, [0, 1]]);
  });

  it('L5: keeps a session open with its ignored stream, until close() names the true last one', async () => {
    const { sessions, dial } = await serveHttp2((_, response) => response.end('served'));
    const client = await dial();
    await client.ask('/');
    sessions[0]?.goaway(0, greatest);
    const ignored = client.ask('/');
    await until(() => client.goaways.length === 1);
    await new Promise((resolve) => client.session.ping(resolve));
    expect(client.session.destroyed).toBe(false);
    sessions[0]?.close();
    await client.closed;
    expect([client.goaways.at(-1), (await ignored).status]).toEqual([[0, 1], undefined]);
  });

  it('L6: differs by version in what an HTTP/2 server says to its sessions when it closes', async () => {
    const { server, dial } = await serveHttp2((_, response) => response.end('served'));
    const client = await dial();
    await client.ask('/');
    server.close();
    if (node >= 24) {
      await client.closed;
      expect(client.goaways[0]).toEqual([0, 1]);
    } else expect((await client.ask('/')).body).toBe('served');
  });

  it('L6: says nothing on any version when only the listener under the server closes', async () => {
    const { server, dial } = await serveHttp2((_, response) => response.end('served'));
    const client = await dial();
    await client.ask('/');
    NetServer.prototype.close.call(server);
    expect([(await client.ask('/')).body, client.goaways, server.listening]).toEqual(['served', [], false]);
  });

  it('L7: drops what is written to an HTTP/1.1 response after its end in silence', async () => {
    let written: unknown;
    const errors: unknown[] = [];
    const { port } = await serve((_, response) => {
      response.on('error', (cause) => errors.push(cause));
      response.on('close', () => {
        written = response.write('too late');
      });
    });
    const { socket } = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await until(() => written !== undefined);
    expect([written, errors]).toEqual([false, []]);
  });

  it('L7: makes of a write to an ended HTTP/2 stream an error that, unheard, ends the process', async () => {
    const { server, dial } = await serveHttp2(() => {});
    const client = await dial();
    const failed = once(server, 'stream').then(async ([stream]: ServerHttp2Stream[]) => {
      const error = stream && once(stream, 'error');
      stream?.respond();
      stream?.end('done');
      stream?.write('too late');
      return (await error)?.[0];
    });
    void client.ask('/');
    expect(await failed).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
  });
});
