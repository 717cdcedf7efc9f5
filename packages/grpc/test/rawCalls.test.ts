import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { serve, target, until } from './support/testServer.ts';

const { NGHTTP2_CANCEL } = constants;

/** A gRPC message: not compressed, its length, its bytes. */
function framed(bytes: readonly number[]): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, Buffer.from(bytes)]);
}

const named = (service: string) => framed(service === '' ? [] : [0x0a, service.length, ...Buffer.from(service)]);

/** One call by hand, as any HTTP/2 client could make it. */
function call(session: ClientHttp2Session, method: string, body: Buffer) {
  const stream = session.request({
    ':method': 'POST',
    ':path': `/grpc.health.v1.Health/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let received = Buffer.alloc(0);
  let status: string | undefined;
  stream.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  const note = (headers: Record<string, unknown>) => {
    if (headers['grpc-status'] !== undefined) status = String(headers['grpc-status']);
  };
  stream.on('response', note);
  stream.on('trailers', note);
  stream.on('error', () => {});
  stream.end(body);
  return {
    stream,
    /** The serving statuses so far, as numbers of the protocol. */
    get statuses(): readonly number[] {
      const found: number[] = [];
      for (let at = 0; at + 5 <= received.length; ) {
        const length = received.readUInt32BE(at + 1);
        found.push(length === 0 ? 0 : (received[at + 6] ?? -1));
        at += 5 + length;
      }
      return found;
    },
    get status() {
      return status;
    },
  };
}

async function withSession(port: number, use: (session: ClientHttp2Session) => Promise<void>, options = {}) {
  const session = connect(`http://127.0.0.1:${port}`, options);
  session.on('error', () => {});
  try {
    await use(session);
  } finally {
    session.destroy();
  }
}

const gone = (stream: ClientHttp2Stream) => new Promise((resolve) => stream.on('close', resolve));

describe('a raw HTTP/2 client', () => {
  it('is answered byte for byte as the protocol says', async () => {
    await using served = await serve();
    const api = target(served.keeper, 'api');
    await until(() => api.health === 'healthy');
    await withSession(served.port, async (session) => {
      const known = call(session, 'Check', named('api'));
      const unknown = call(session, 'Check', named('x'));
      await Promise.all([gone(known.stream), gone(unknown.stream)]);
      expect([known.statuses, known.status]).toEqual([[1], '0']);
      expect([unknown.statuses, unknown.status]).toEqual([[], '5']);

      const watch = call(session, 'Watch', named('api'));
      const late = call(session, 'Watch', named('late'));
      await until(() => watch.statuses.length === 1 && late.statuses.length === 1);
      api.become('-');
      await until(() => watch.statuses.length === 2);
      expect(watch.statuses).toEqual([1, 2]);
      expect(late.statuses).toEqual([3]);
      watch.stream.close(NGHTTP2_CANCEL);
      await until(() => served.service.stats().watches === 1);
    });
    await until(() => served.service.stats().watches === 0 && served.keeper.stats().sessions.taken === 0);
  });

  it('that sends nonsense gets an error, and takes nothing', async () => {
    await using served = await serve();
    await withSession(served.port, async (session) => {
      const nonsense = call(session, 'Watch', framed([0x0a, 0xff, 0xff]));
      await gone(nonsense.stream);
      expect(nonsense.status).toBe('13');
    });
    expect(served.keeper.stats()).toMatchObject({ notifiers: { open: 0 }, sessions: { taken: 0 } });
  });

  it('that resets at once, at any stage, leaves nothing behind', async () => {
    await using served = await serve();
    await withSession(served.port, async (session) => {
      for (let turn = 0; turn < 30; turn++) {
        const { stream } = call(session, 'Watch', named(turn % 2 === 0 ? '' : 'unknown'));
        if (turn % 3 === 0) stream.close(NGHTTP2_CANCEL);
        else if (turn % 3 === 1) setImmediate(() => stream.close(NGHTTP2_CANCEL));
        else stream.on('response', () => stream.close(NGHTTP2_CANCEL));
        await gone(stream);
      }
    });
    await until(() => served.service.stats().watches === 0);
    expect(served.service.stats().unknownNames).toBe(0);
    await until(() => served.keeper.stats().notifiers.open === 0);
  });

  it('with a shut window is owed a bounded number of statuses, and hears the latest once it opens it (INV-1)', async () => {
    await using served = await serve();
    const api = target(served.keeper, 'api');
    await until(() => api.health === 'healthy');
    await withSession(
      served.port,
      async (session) => {
        const stuck = call(session, 'Watch', named('api'));
        await until(() => served.service.stats().watches === 1);
        await withSession(served.port, async (other) => {
          const quick = call(other, 'Watch', named('api'));
          await until(() => quick.statuses.length === 1);
          for (let turn = 1; turn <= 101; turn++) {
            api.become(turn % 2 === 1 ? '-' : '+');
            await until(() => quick.statuses.length === turn + 1);
          }
        });
        expect(stuck.statuses).toEqual([]);
        session.settings({ initialWindowSize: 65_535 });
        await until(() => stuck.statuses.at(-1) === 2 && stuck.statuses.length % 2 === 0);
        await until(() => served.keeper.stats().lost.coalesced > 0);
        expect(stuck.statuses.length).toBeLessThan(40);
      },
      { settings: { initialWindowSize: 0 } },
    );
  });
});
