import { Socket } from 'node:net';
import { systemClock } from '@watchkeeper/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SocketWriter, type WriterSocket, type WriterStream } from '../src/connection/socketWriter.ts';
import { textFrame } from '../src/connection/textFrame.ts';
import { join, stand } from './support/testHub.ts';

type Written = (failure?: Error) => void;

/** Stands in for a WebSocket and its stream, of which the test says what they have taken. */
class PendingSocket implements WriterSocket, WriterStream {
  readonly written: Written[] = [];
  readyState = 1;
  writableLength = 0;

  write(_frame: Buffer, written: Written): boolean {
    this.written.push(written);
    return true;
  }

  ping(): void {}
  close(): void {}
  terminate(): void {}
  once(): void {}
}

function writerOf(socket: PendingSocket): SocketWriter {
  const options = { clock: systemClock(), closeTimeoutMs: 1_000, maxBufferedBytes: 10, slowClientCode: 1013 } as const;
  return new SocketWriter(socket, socket, options);
}

async function isSettled(promise: void | Promise<void>): Promise<boolean> {
  return Promise.race([
    Promise.resolve(promise).then(() => true),
    new Promise<boolean>((resolve) => setImmediate(resolve, false)),
  ]);
}

describe('the writer of a client’s socket', () => {
  it('has room at once when the system took all of a frame', () => {
    expect(writerOf(new PendingSocket()).send(Buffer.from('a'))).toBeUndefined();
  });

  it('has room again when the frame is written and little enough waits', async () => {
    const socket = new PendingSocket();
    const writer = writerOf(socket);
    socket.writableLength = 30;
    const [first, second] = [writer.send(Buffer.from('a')), writer.send(Buffer.from('b'))];
    socket.writableLength = 20;
    socket.written[0]?.();
    expect(await isSettled(first)).toBe(false);
    socket.writableLength = 10;
    socket.written[1]?.();
    expect([await isSettled(first), await isSettled(second)]).toEqual([true, true]);
  });

  it('does not take a little that waits for a frame that is written', async () => {
    const socket = new PendingSocket();
    const writer = writerOf(socket);
    socket.writableLength = 5;
    expect(await isSettled(writer.send(Buffer.from('a')))).toBe(false);
  });

  it('sends nothing once it is closing, and says neither that it was taken nor that it was not', async () => {
    const socket = new PendingSocket();
    const writer = writerOf(socket);
    socket.readyState = 2;
    expect(await isSettled(writer.send(Buffer.from('a')))).toBe(false);
    expect(socket.written).toEqual([]);
  });

  it('leaves it to the end of the session to say that a send failed', async () => {
    const socket = new PendingSocket();
    socket.writableLength = 5;
    const sending = writerOf(socket).send(Buffer.from('a'));
    socket.writableLength = 0;
    socket.written[0]?.(new Error('torn off'));
    expect(await isSettled(sending)).toBe(false);
  });
});

describe('the notices of a hub', () => {
  it('that changed at once are written in one piece, made once for all who have read as far (INV-24)', async () => {
    const { keeper, url } = await stand();
    const clients = await Promise.all([join(url), join(url), join(url)]);
    for (const client of clients) await client.until(({ topic }: { topic?: string }) => topic === '');
    const write = vi.spyOn(Socket.prototype, 'write');
    onTestFinished(() => write.mockRestore());
    const topics = Array.from({ length: 600 }, (_, index) => `topic ${index}`);
    for (const topic of topics) keeper.broadcast({ type: 'health', topic, health: 'degraded' });
    for (const client of clients) await client.until(({ topic }: { topic?: string }) => topic === topics.at(-1));
    // Pings and what else is short are not notices.
    const chunks = write.mock.calls.map(([chunk]) => chunk).filter((chunk) => chunk.length > 1_000);
    const pieces = new Set(chunks);
    expect([...pieces].map((piece) => chunks.filter((chunk) => chunk === piece).length)).toEqual([3, 3, 3]);
    for (const { frames } of clients) {
      expect(frames.slice(1)).toMatchObject(topics.map((topic) => ({ type: 'health', topic, health: 'degraded' })));
    }
  });
});

describe('a text frame', () => {
  it.each([125, 126, 127, 65_535, 65_536, 200_000])('of %d bytes is read by ws as it was written', async (length) => {
    const { hub, url } = await stand({ maxBatchEntries: 1 });
    const client = await join(url);
    const around = '{"type":"entries","topic":"t","entries":[""]}'.length;
    const text = 'x'.repeat(length - around);
    hub.publish('t', text);
    await client.until(({ entries }: { entries?: string[] }) => entries?.[0] === text);
  });

  it('counts bytes, not characters', () => {
    expect([...textFrame('é€')]).toEqual([0x81, 5, 0xc3, 0xa9, 0xe2, 0x82, 0xac]);
  });
});
