import { systemClock } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { Wire, type WireSocket } from '../src/wire.ts';

type Written = (failure?: Error) => void;

/** Stands in for a WebSocket of which the test says what it has taken. */
class PendingSocket implements WireSocket {
  readonly written: Written[] = [];
  readyState = 1;
  bufferedAmount = 0;

  send(_frame: Buffer, _options: { binary: boolean }, written: Written): void {
    this.written.push(written);
  }

  ping(): void {}
  close(): void {}
  terminate(): void {}
  once(): void {}
}

function wireOf(socket: PendingSocket): Wire {
  return new Wire(socket, { clock: systemClock(), closeTimeoutMs: 1_000, maxBufferedBytes: 10, slowClientCode: 1013 });
}

async function isSettled(promise: void | Promise<void>): Promise<boolean> {
  return Promise.race([
    Promise.resolve(promise).then(() => true),
    new Promise<boolean>((resolve) => setImmediate(resolve, false)),
  ]);
}

describe('a wire', () => {
  it('has room at once when the system took all of a frame', () => {
    expect(wireOf(new PendingSocket()).send(Buffer.from('a'))).toBeUndefined();
  });

  it('has room again when the frame is written and little enough waits', async () => {
    const socket = new PendingSocket();
    const wire = wireOf(socket);
    socket.bufferedAmount = 30;
    const [first, second] = [wire.send(Buffer.from('a')), wire.send(Buffer.from('b'))];
    socket.bufferedAmount = 20;
    socket.written[0]?.();
    expect(await isSettled(first)).toBe(false);
    socket.bufferedAmount = 10;
    socket.written[1]?.();
    expect([await isSettled(first), await isSettled(second)]).toEqual([true, true]);
  });

  it('does not take a little that waits for a frame that is written', async () => {
    const socket = new PendingSocket();
    const wire = wireOf(socket);
    socket.bufferedAmount = 5;
    expect(await isSettled(wire.send(Buffer.from('a')))).toBe(false);
  });

  it('sends nothing once it is closing, and says neither that it was taken nor that it was not', async () => {
    const socket = new PendingSocket();
    const wire = wireOf(socket);
    socket.readyState = 2;
    expect(await isSettled(wire.send(Buffer.from('a')))).toBe(false);
    expect(socket.written).toEqual([]);
  });

  it('leaves it to the end of the session to say that a send failed', async () => {
    const socket = new PendingSocket();
    socket.bufferedAmount = 5;
    const sending = wireOf(socket).send(Buffer.from('a'));
    socket.bufferedAmount = 0;
    socket.written[0]?.(new Error('torn off'));
    expect(await isSettled(sending)).toBe(false);
  });
});
