import { EventEmitter } from 'node:events';
import { settle } from '@watchkeeper/testing';
import { describe, expect, it, vi } from 'vitest';
import { ClientGoneError } from '../src/index.ts';
import { ResponseStream } from '../src/sse/responseStream.ts';

/** A response whose room and whose end the test decides. */
class ScriptedResponse extends EventEmitter {
  readonly written: string[] = [];
  readonly taken: (((cause?: unknown) => void) | undefined)[] = [];
  room = true;

  writeHead(): void {}

  write(chunk: string, taken?: (cause?: unknown) => void): boolean {
    this.written.push(chunk);
    this.taken.push(taken);
    return this.room;
  }

  end(): void {
    this.written.push('END');
  }

  destroy(): void {
    this.written.push('CUT');
  }
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await settle();
  return settled;
}

describe('ResponseStream', () => {
  it('waits for room before the next frame, and piles nothing up meanwhile', async () => {
    const response = new ScriptedResponse();
    const stream = new ResponseStream(response);
    expect(stream.send('a')).toBeUndefined();
    response.room = false;
    const waiting = Promise.resolve(stream.send('b'));
    stream.offer('beat');
    expect([response.written, await isSettled(waiting)]).toEqual([['a', 'b'], false]);
    response.room = true;
    response.emit('drain');
    await waiting;
    stream.offer('beat');
    expect(response.written).toEqual(['a', 'b', 'beat']);
  });

  it('flushes a wrapper that holds frames back, after each of them, and waits for no callback of it', () => {
    const response = new ScriptedResponse();
    const flushed = vi.fn();
    const stream = new ResponseStream(Object.assign(response, { flush: flushed }));
    expect(stream.send('a')).toBeUndefined();
    stream.offer('beat');
    expect([flushed.mock.calls.length, response.taken]).toEqual([2, [undefined, undefined]]);
  });

  it.each(['finish', 'cut'] as const)('writes nothing after %s, whoever asks (INV-5)', async (end) => {
    const response = new ScriptedResponse();
    const stream = new ResponseStream(response);
    const ended = stream[end]();
    expect(() => stream.send('a')).toThrow(ClientGoneError);
    stream.offer('beat');
    void stream.finish();
    expect(response.written).toEqual([end === 'finish' ? 'END' : 'CUT']);
    response.emit('close');
    await ended;
    void stream.cut();
    expect(response.written.length).toBe(1);
  });

  it('takes an error of the connection for nothing: its close says all', async () => {
    const response = new ScriptedResponse();
    const stream = new ResponseStream(response);
    expect(() => response.emit('error', new Error('ECONNRESET'))).not.toThrow();
    response.emit('close');
    await stream.closed;
    expect(() => stream.send('a')).toThrow(ClientGoneError);
  });
});
