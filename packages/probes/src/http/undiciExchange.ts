import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import { TargetFault } from '../check/errors.ts';
import { codeOf } from '../check/networkErrors.ts';
import type { Check } from '../check/runCheck.ts';
import type { HttpResponse } from './httpMessage.ts';

/** One request under way: gathers its response as undici reads it, up to a limit. */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  readonly #check: Check;
  readonly #maxBodyBytes: number;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  #read = 0;
  #headAt = 0;
  #status: number | undefined;
  #headers: IncomingHttpHeaders = {};
  #complete = false;

  constructor(
    check: Check,
    maxBodyBytes: number,
    resolve: (response: HttpResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#check = check;
    this.#maxBodyBytes = maxBodyBytes;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Whether the response was read to its end. */
  get complete(): boolean {
    return this.#complete;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#check.phase('reading the body');
    this.#status = status;
    this.#headers = headers;
    this.#headAt = this.#check.elapsedMs();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.#maxBodyBytes - this.#read;
    this.#chunks.push(chunk.subarray(0, room));
    this.#read += chunk.length;
    if (chunk.length <= room) return;
    this.#resolveWith(true);
    controller.abort(new TargetFault('body too large'));
  }

  onResponseEnd(): void {
    this.#complete = true;
    this.#resolveWith(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(protocolFault(error));
  }

  #resolveWith(oversize: boolean): void {
    if (this.#status === undefined) return;
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body: Buffer.concat(this.#chunks),
      oversize,
      bodyMs: this.#check.elapsedMs() - this.#headAt,
    });
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
