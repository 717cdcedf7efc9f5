import type { Socket } from 'node:net';
import { TargetFault } from '../check/errors.ts';
import type { Attempt } from '../check/runCheck.ts';

/** What a wait for more bytes ended with. */
type Arrival = 'bytes' | 'end' | 'silence';

/** A socket read in bounded pieces: bytes stay in the kernel, and so with the sender, until they are asked for. */
export interface Wire {
  /** What arrived and was not dropped yet. */
  readonly received: Buffer;
  /** Waits for more bytes, the end, or `silenceMs` without either. Rejects on a reset. */
  more(silenceMs?: number): Promise<Arrival>;
  /** Forgets the first `length` bytes of `received`. */
  drop(length: number): void;
  send(bytes: string | Uint8Array): void;
  /** Lets go of the socket, so that something else may read it. */
  release(): Socket;
}

export function wireOf(attempt: Attempt, socket: Socket): Wire {
  socket.setNoDelay();
  let received: Buffer = Buffer.alloc(0);
  let stopWaiting = (): void => undefined;
  attempt.defer(() => stopWaiting());

  const take = (): boolean => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return false;
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    return true;
  };

  return {
    get received() {
      return received;
    },
    more(silenceMs) {
      return new Promise((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined;
        const stop = (): void => {
          clearTimeout(timer);
          socket.off('readable', look).off('end', ended).off('close', ended).off('error', failed);
        };
        const settle = (arrival: Arrival): void => {
          stop();
          resolve(arrival);
        };
        const failed = (error: Error): void => {
          stop();
          reject(error);
        };
        const ended = (): void => settle('end');
        const look = (): void => {
          if (take()) settle('bytes');
        };

        if (socket.errored) return failed(socket.errored);
        if (socket.readableEnded || socket.destroyed) return ended();
        if (silenceMs !== undefined) timer = setTimeout(() => settle('silence'), silenceMs);
        stopWaiting = stop;
        socket.on('readable', look).on('end', ended).on('close', ended).on('error', failed);
        look();
      });
    },
    drop(length) {
      received = received.subarray(length);
    },
    send(bytes) {
      if (!socket.writable) throw new TargetFault('connection closed before all was said');
      socket.write(bytes);
    },
    release: () => socket,
  };
}
