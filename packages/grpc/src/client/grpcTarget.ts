import { InvalidOptionError } from '@watchkeeper/core';
import { type AddressResolver, type EgressPolicy, egressRule } from '@watchkeeper/core/adapters';
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
  /** The oldest version to accept. @default 'TLSv1.2' */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /**
   * The cipher suites to offer, as OpenSSL lists them.
   * @default those of `@grpc/grpc-js`
   */
  readonly ciphers?: string;
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
  /**
   * What resolves names: `system` as all programs do, over at most two of libuv's threads together with all other probes, or
   * a function, such as `dnsResolver()` of `@watchkeeper/probes` makes.
   * @default 'system'
   */
  readonly resolver?: 'system' | AddressResolver;
  /**
   * Which addresses may be dialled, as `egressPolicy()` of `@watchkeeper/probes` says.
   * @default every address
   */
  readonly egress?: EgressPolicy | undefined;
  /**
   * A proxy to tunnel through, `http://user:password@proxy:3128`. Those of the environment are not looked at.
   * @default none
   */
  readonly proxy?: string | undefined;
}

export const targetDefaults = {
  service: '',
  tls: undefined,
  timeoutMs: 10_000,
  resolver: 'system',
  egress: undefined,
  proxy: undefined,
} as const satisfies Partial<GrpcTarget>;

const anyText: Rule<string> = { is: 'a string', accepts: (value): value is string => typeof value === 'string' };

const tlsNames: ReadonlySet<string> = new Set(['ca', 'cert', 'key', 'serverName', 'minVersion', 'ciphers']);

const resolverRule: Rule<'system' | AddressResolver> = {
  is: '"system" or a function (host, options) => Promise<string[]>',
  accepts: (value): value is 'system' | AddressResolver => value === 'system' || typeof value === 'function',
};

const proxyUrl: Rule<string> = {
  is: 'a URL such as http://user:password@proxy:3128',
  accepts: (value): value is string =>
    typeof value === 'string' && URL.canParse(value) && /^http:$/.test(new URL(value).protocol),
};

const tlsOptions: Rule<TlsOptions> = {
  is: 'an object with ca, cert with key, serverName, minVersion or ciphers',
  accepts: (value): value is TlsOptions =>
    typeof value === 'object' &&
    value !== null &&
    'cert' in value === 'key' in value &&
    Object.keys(value).every((name) => tlsNames.has(name)),
};

export const targetRules = {
  target: text,
  service: anyText,
  tls: optional(tlsOptions),
  timeoutMs: positiveMs,
  resolver: resolverRule,
  egress: optional(egressRule),
  proxy: optional(proxyUrl),
};

/** @throws `InvalidOptionError` where an egress policy would be void: through a proxy it is the proxy that dials. */
export function refuseEgressByProxy(owner: string, { egress, proxy }: Pick<GrpcTarget, 'egress' | 'proxy'>): void {
  if (egress === undefined || proxy === undefined) return;
  throw new InvalidOptionError(`${owner}.egress`, 'left out where `proxy` is given, which dials by itself', egress);
}

/** @returns the host in `orders:50051`, `[::1]:50051` or `dns:///orders:50051`; `undefined` where there is none, as in `unix:`. */
export function hostOfTarget(target: string): string | undefined {
  const [, bracketed, plain] = /^(?:dns:(?:\/\/[^/]*\/)?)?(?:\[([^\]]+)\]|([^:/[\]]+))(?::\d+)?$/.exec(target) ?? [];
  return (bracketed ?? plain)?.toLowerCase();
}
