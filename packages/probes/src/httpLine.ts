import type { Socket } from 'node:net';
import { Client, errors } from 'undici';
import type { Attempt } from './attempt.ts';
import { TargetFault } from './errors.ts';
import { codeOf } from './faults.ts';
import type { HttpAnswer } from './httpExpectations.ts';

export interface HttpQuestion {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** How much of the answer's body to read, at most. */
  readonly maxBodyBytes: number;
}

/** Speaks HTTP/1.1 over one socket that is connected already. */
export interface HttpLine {
  ask(attempt: Attempt, question: HttpQuestion): Promise<HttpAnswer>;
  /** Whether a further question may be asked. */
  readonly open: boolean;
  close(): void;
}

/** Made once: undici would otherwise make several errors, each with its stack, for every line that is closed. */
const ended = new errors.InformationalError('the check has ended');

/** @param keepAliveMs how long the line may lie idle between two questions; 0 ends it after the first. */
export function httpLine(origin: string | URL, socket: Socket, keepAliveMs: number): HttpLine {
  let given = false;
  const client = new Client(origin, {
    // The socket is dialled by us, so that its address is guarded and an abort can close it at any stage.
    connect: (_options, callback) => {
      if (given) return callback(new TargetFault('connection closed'), null);
      given = true;
      // Undici misses a socket that is there before it has asked.
      queueMicrotask(() => callback(null, socket));
    },
    // There is one deadline, and it is the attempt's.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: Math.max(1, keepAliveMs),
    keepAliveMaxTimeout: Math.max(1, keepAliveMs),
  });
  return {
    ask(attempt, question) {
      attempt.stage('waiting for the response');
      return new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        let read = 0;
        let head: Omit<HttpAnswer, 'body' | 'oversize'> | undefined;
        const { maxBodyBytes, body = null, ...request } = question;
        // Undici would end the connection after every HEAD, and with an error; we end it where it is not kept.
        client.dispatch(
          { ...request, method: question.method as 'GET', body, reset: false },
          {
            onRequestStart: () => undefined,
            onResponseStart(_controller, status, headers) {
              if (status < 200) return;
              attempt.stage('reading the body');
              head = { status, headers };
            },
            onResponseData(controller, chunk) {
              const room = maxBodyBytes - read;
              chunks.push(chunk.subarray(0, room));
              read += chunk.length;
              if (chunk.length <= room || !head) return;
              resolve({ ...head, body: Buffer.concat(chunks), oversize: true });
              controller.abort(new TargetFault('body too large'));
            },
            onResponseEnd: () => head && resolve({ ...head, body: Buffer.concat(chunks), oversize: false }),
            onResponseError: (_controller, error) => reject(protocolFault(error)),
          },
        );
      });
    },
    get open() {
      return !socket.destroyed && !client.destroyed;
    },
    close() {
      socket.destroy(ended);
      client.destroy(ended, () => undefined);
    },
  };
}

/** Undici's own errors are about what the server sent; the kernel's pass through. */
function protocolFault(error: Error): Error {
  const code = codeOf(error);
  if (code === 'UND_ERR_SOCKET') return new TargetFault('connection closed before the response was complete');
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new TargetFault('response headers are too large');
  const ours = code === 'UND_ERR_INVALID_ARG' || !code.startsWith('UND_ERR_');
  if (ours && !(error instanceof errors.HTTPParserError)) return error;
  return new TargetFault(`not a valid HTTP response: ${error.message}`);
}
