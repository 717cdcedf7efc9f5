import type { IncomingHttpHeaders } from 'node:http';

/** A request to a web server, over any version of HTTP. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** How much of the response's body to read, in bytes. */
  readonly maxBodyBytes: number;
}

/** The response to an {@link HttpRequest}. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What was read of the body, up to `maxBodyBytes`. */
  readonly body: Buffer;
  /** Whether the body was longer than what was read of it. */
  readonly oversize: boolean;
  /** How long the body took to come, from its head on, in milliseconds. */
  readonly bodyMs: number;
}
