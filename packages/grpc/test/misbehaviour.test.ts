import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2, constants } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connect, follow, serve, until } from './support/testServer.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** One HTTP/2 frame by hand. */
function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const settings = frame(4, 0, 0);

/** A header as HPACK writes it when it knows neither name nor value. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

const callHeaders = Buffer.concat(
  [
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', '/grpc.health.v1.Health/Watch'],
    [':authority', 'x'],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
  ].map(([name = '', value = '']) => literal(name, value)),
);

/** The beginning of a Watch of the whole, piece by piece: after any of them a client may be gone. */
const stages = {
  nothing: [],
  'half a preface': [preface.subarray(0, 10)],
  'the preface': [preface],
  'the settings': [preface, settings],
  'half a head': [preface, settings, frame(1, 0, 1, callHeaders.subarray(0, 30))],
  'the head': [preface, settings, frame(1, 4, 1, callHeaders)],
  'half a message': [preface, settings, frame(1, 4, 1, callHeaders), frame(0, 0, 1, Buffer.from([0, 0, 0]))],
  'the message': [preface, settings, frame(1, 4, 1, callHeaders), frame(0, 1, 1, Buffer.from([0, 0, 0, 0, 0]))],
} satisfies Record<string, Buffer[]>;

async function dialTcp(port: number): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

function dialHttp2(port: number, options = {}): ClientHttp2Session {
  const session = connectHttp2(`http://127.0.0.1:${port}`, options);
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  return session;
}

/** A Watch by hand; `status` is how it ended. */
function watch(session: ClientHttp2Session, body?: Buffer, headers = {}): ClientHttp2Stream & { status?: string } {
  const stream: ClientHttp2Stream & { status?: string } = session.request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Watch',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  const note = (fields: Record<string, unknown>) => {
    if (fields['grpc-status'] !== undefined) stream.status = String(fields['grpc-status']);
  };
  stream
    .on('response', note)
    .on('trailers', note)
    .on('error', () => {})
    .resume();
  if (body !== undefined) stream.end(body);
  return stream;
}

/** A message whose service name is this long. */
function named(bytes: number): Buffer {
  const length = [];
  for (let rest = bytes; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  const message = Buffer.concat([Buffer.from([0x0a, ...length]), Buffer.alloc(bytes, 'x')]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

const whole = Buffer.alloc(5);

/** A server that asks its peers ten times a second whether they are there. */
const keepAlive = { 'grpc.keepalive_time_ms': 100, 'grpc.keepalive_timeout_ms': 500 };

describe('against clients that misbehave, nothing throws and every slot comes back (INV-15)', () => {
  const uncaught = vi.fn();
  beforeEach(() => void process.on('uncaughtExceptionMonitor', uncaught));
  afterEach(() => {
    process.off('uncaughtExceptionMonitor', uncaught);
    expect(uncaught).not.toHaveBeenCalled();
  });

  const idle = ({ keeper, service }: Awaited<ReturnType<typeof serve>>) =>
    keeper.stats().sessions.taken === 0 && keeper.stats().notifiers.open === 0 && service.stats().watches === 0;

  it.each(Object.entries(stages))('after %s comes a reset of the connection', async (_, pieces) => {
    await using served = await serve();
    const sockets = await Promise.all(Array.from({ length: 10 }, () => dialTcp(served.port)));
    for (const socket of sockets) socket.write(Buffer.concat(pieces));
    await new Promise((resolve) => setImmediate(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    const bystander = follow(served.client.Watch({ service: '' }));
    await bystander.words(1);
    bystander.cancel();
    await until(() => idle(served));
  });

  it('the whole way by hand is a Watch, so that the stages before it were stages of one', async () => {
    await using served = await serve();
    const socket = await dialTcp(served.port);
    socket.write(Buffer.concat(stages['the message']));
    await until(() => served.service.stats().watches === 1);
    socket.destroy();
    await until(() => idle(served));
  });

  it.each(['half a preface', 'half a head', 'the head', 'half a message'] as const)(
    'a call that trickles in and stays at %s takes no slot',
    async (stage) => {
      await using served = await serve({ maxSessions: 1 });
      const slow = await Promise.all(Array.from({ length: 5 }, () => dialTcp(served.port)));
      for (const byte of Buffer.concat(stages[stage])) {
        for (const socket of slow) socket.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const quick = follow(served.client.Watch({ service: '' }));
      expect(await quick.words(1)).toEqual(['SERVING']);
      expect(served.keeper.stats().sessions.taken).toBe(1);
      quick.cancel();
      await until(() => idle(served));
    },
  );

  it('a flood of watches past the cap is refused one by one, and the admitted go on', async () => {
    await using served = await serve({ maxSessions: 10 });
    const session = dialHttp2(served.port);
    const admitted = Array.from({ length: 10 }, () => watch(session, whole));
    await until(() => served.service.stats().watches === 10);
    const flood = Array.from({ length: 100 }, () => watch(session, whole));
    await Promise.all(flood.map((stream) => once(stream, 'close')));
    expect(new Set(flood.map((stream) => stream.status))).toEqual(new Set([String(status.RESOURCE_EXHAUSTED)]));
    expect(served.service.stats()).toMatchObject({ watches: 10, refused: { capacity: 100 } });
    expect(admitted.every(({ closed }) => !closed)).toBe(true);
    session.destroy();
    await until(() => idle(served));
  });

  it('a service name of a megabyte is refused, and a message past the limit of the server too', async () => {
    await using served = await serve();
    const session = dialHttp2(served.port);
    const long = watch(session, named(1_048_576));
    await once(long, 'close');
    const longer = watch(session, named(5_000_000));
    await once(longer, 'close');
    expect([long.status, longer.status].map(Number)).toEqual([status.INVALID_ARGUMENT, status.RESOURCE_EXHAUSTED]);
    expect(idle(served)).toBe(true);
  });

  it('whatever it cannot read ends its own Watch alone, by the keep-alive of the server', async () => {
    const unreadable = {
      'a frame of a megabyte, where the server allows 16 kB': frame(0, 0, 1, Buffer.alloc(1_048_576)),
      'a message for a stream that was never opened': frame(0, 1, 7, whole),
      'a head that HPACK cannot read': frame(1, 5, 1, Buffer.alloc(64, 0xff)),
      'settings of a wrong length': frame(4, 0, 0, Buffer.alloc(5)),
      'bytes that are no frames': Buffer.alloc(4_096, 0xff),
    };
    const heard = async (bytes: Buffer) => {
      await using served = await serve({}, {}, 0, keepAlive);
      const bystander = follow(served.client.Watch({ service: '' }));
      await bystander.words(1);
      const socket = await dialTcp(served.port);
      socket.resume().write(Buffer.concat(stages['the message']));
      await until(() => served.service.stats().watches === 2);
      // Node says GOAWAY and reads no more of this connection, not even its end: only an unanswered ping shows it.
      socket.write(bytes);
      socket.end();
      await until(() => served.service.stats().watches === 1);
      const words = [...bystander.heard];
      bystander.cancel();
      await until(() => idle(served));
      return words;
    };
    // All at once, each with a server of its own: the keep-alive is waited for in real time.
    const all = Object.entries(unreadable).map(async ([what, bytes]) => [what, await heard(bytes).catch(String)]);
    expect(await Promise.all(all)).toEqual(Object.keys(unreadable).map((what) => [what, ['SERVING']]));
  });

  it('a bomb of headers is refused, whether in one call or without an end', async () => {
    await using served = await serve();
    const session = dialHttp2(served.port);
    const fields = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`x-bomb-${n}`, 'x'.repeat(1_000)]));
    const bomb = watch(session, whole, fields);
    await new Promise((resolve) => bomb.once('close', resolve));
    expect([bomb.status, bomb.rstCode]).not.toEqual([String(status.OK), 0]);
    const socket = await dialTcp(served.port);
    const closed = once(socket.resume(), 'close');
    socket.write(Buffer.concat([preface, settings, frame(1, 0, 1, callHeaders)]));
    const more = frame(9, 0, 1, literal('x-bomb', 'x'.repeat(100)));
    // CONTINUATION upon CONTINUATION, and never the last.
    while (!socket.destroyed && socket.writable) {
      socket.write(Buffer.concat(Array.from({ length: 200 }, () => more)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
    await until(() => idle(served));
  });

  it('rapid resets of streams hold nothing, and other clients are served meanwhile', async () => {
    await using served = await serve();
    const session = dialHttp2(served.port);
    for (let turn = 0; turn < 100; turn += 1) watch(session, whole).close(constants.NGHTTP2_CANCEL);
    const other = connect(served.port);
    const bystander = follow(other.Watch({ service: '' }));
    expect(await bystander.words(1)).toEqual(['SERVING']);
    bystander.cancel();
    other.close();
    session.destroy();
    await until(() => idle(served));
  });
});
