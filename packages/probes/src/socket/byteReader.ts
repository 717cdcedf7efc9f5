import type { Socket } from 'node:net';
import { TargetFault } from '../check/errors.ts';
import type { Check } from '../check/runCheck.ts';

/** How a read ended: with more bytes, the end of the stream, or neither in time. */
type ReadResult = 'bytes' | 'end' | 'timeout';

/** A buffered reader of a socket. Bytes stay in the kernel, and so with the sender, until they are read. */
export interface ByteReader {
  /** Bytes that were read and not discarded yet. */
  readonly received: Buffer;
  /** Waits for more bytes, the end, or `timeoutMs` without either; left out, for ever. Rejects on a reset. */
  read(timeoutMs?: number): Promise<ReadResult>;
  /** Discards the first `length` bytes of `received`. */
  discard(length: number): void;
  send(bytes: string | Uint8Array): void;
  /** Gives the socket back, so that something else may read it. */
  release(): Socket;
}

/** Makes the reader of `socket`; it stops waiting when the check ends. */
export function byteReader(check: Check, socket: Socket): ByteReader {
  socket.setNoDelay();
  let received: Buffer = Buffer.alloc(0);
  let stopWaiting = (): void => undefined;
  check.defer(() => stopWaiting());

  const readChunk = (): boolean => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return false;
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    return true;
  };

  return {
    get received() {
      return received;
    },
    read(timeoutMs) {
      return new Promise((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined;
        const stop = (): void => {
          clearTimeout(timer);
          socket.off('readable', look).off('end', ended).off('close', ended).off('error', failed);
        };
        const finish = (result: ReadResult): void => {
          stop();
          resolve(result);
        };
        const failed = (error: Error): void => {
          stop();
          reject(error);
        };
        const ended = (): void => finish('end');
        const look = (): void => {
          if (readChunk()) finish('bytes');
        };

        if (socket.errored) return failed(socket.errored);
        if (socket.readableEnded || socket.destroyed) return ended();
        if (timeoutMs !== undefined) timer = setTimeout(() => finish('timeout'), timeoutMs);
        stopWaiting = stop;
        socket.on('readable', look).on('end', ended).on('close', ended).on('error', failed);
        look();
      });
    },
    discard(length) {
      received = received.subarray(length);
    },
    send(bytes) {
      if (!socket.writable) throw new TargetFault('connection closed before all was said');
      socket.write(bytes);
    },
    release: () => socket,
  };
}
