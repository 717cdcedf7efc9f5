import { optional, positiveMs, type Rule, text } from '@watchkeeper/core/options';

/** TLS of a connection. Every part may be left out. */
export interface TlsOptions {
  /**
   * Certificates of the authorities that are trusted, as PEM.
   * @default the system's roots
   */
  readonly ca?: string | Buffer;
  /** Our own certificate, as PEM, where the server asks for one; with {@link TlsOptions.key}. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /**
   * The name that must stand in the server's certificate.
   * @default the host of the target
   */
  readonly serverName?: string;
}

/** A gRPC server and the service whose health is asked for. */
export interface GrpcTarget {
  /** `host:port`, or any name gRPC resolves, such as `unix:/run/orders.sock`. */
  readonly target: string;
  /**
   * The service that is asked for; `''` is the whole server.
   * @default ''
   */
  readonly service?: string;
  /**
   * TLS, and how; without it, the connection is plain.
   * @default plain
   */
  readonly tls?: TlsOptions | undefined;
  /**
   * How long one Check, or the first status of a Watch, may take, in milliseconds.
   * @default 10000
   */
  readonly timeoutMs?: number;
}

export const targetDefaults = { service: '', tls: undefined, timeoutMs: 10_000 } as const satisfies Partial<GrpcTarget>;

const anyText: Rule<string> = { is: 'a string', accepts: (value): value is string => typeof value === 'string' };

const tlsOptions: Rule<TlsOptions> = {
  is: 'an object with ca, cert with key, or serverName',
  accepts: (value): value is TlsOptions =>
    typeof value === 'object' && value !== null && 'cert' in value === 'key' in value,
};

export const targetRules = {
  target: text,
  service: anyText,
  tls: optional(tlsOptions),
  timeoutMs: positiveMs,
};

/** @returns the host in `orders:50051`, `[::1]:50051` or `dns:///orders:50051`; `undefined` where there is none, as in `unix:`. */
export function hostOfTarget(target: string): string | undefined {
  const [, bracketed, plain] = /^(?:dns:(?:\/\/[^/]*\/)?)?(?:\[([^\]]+)\]|([^:/[\]]+))(?::\d+)?$/.exec(target) ?? [];
  return (bracketed ?? plain)?.toLowerCase();
}
