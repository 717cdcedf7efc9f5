import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import { TargetFault } from '../check/errors.ts';
import { codeOf } from '../check/networkErrors.ts';
import type { Attempt } from '../check/runCheck.ts';
import type { HttpAnswer } from './httpExpectations.ts';

/** One question under way: gathers its answer as undici reads it, up to a limit. */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #attempt: Attempt;
  readonly #maxBodyBytes: number;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  #read = 0;
  #status: number | undefined;
  #headers: IncomingHttpHeaders = {};
  #complete = false;

  constructor(
    attempt: Attempt,
    maxBodyBytes: number,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#attempt = attempt;
    this.#maxBodyBytes = maxBodyBytes;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Whether the answer was read to its end. */
  get complete(): boolean {
    return this.#complete;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#attempt.stage('reading the body');
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.#maxBodyBytes - this.#read;
    this.#chunks.push(chunk.subarray(0, room));
    this.#read += chunk.length;
    if (chunk.length <= room) return;
    this.#answer(true);
    controller.abort(new TargetFault('body too large'));
  }

  onResponseEnd(): void {
    this.#complete = true;
    this.#answer(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(protocolFault(error));
  }

  #answer(oversize: boolean): void {
    if (this.#status === undefined) return;
    this.#resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks), oversize });
  }
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
