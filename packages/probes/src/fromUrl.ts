import { InvalidOptionError, type Probe } from '@watchkeeper/core';
import { textOf } from '@watchkeeper/core/adapters';
import { callable, optional, type Rules, text } from '@watchkeeper/core/options';
import { type DnsRecordType, dnsProbe } from './dns.ts';
import { dockerProbe } from './docker.ts';
import type { EgressPolicy } from './egress.ts';
import { fileProbe } from './file.ts';
import { fileserverProbe } from './fileserver.ts';
import { h2cProbe, h2Probe } from './h2.ts';
import { httpProbe } from './http.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { listOf, recordOf } from './options/rules.ts';
import { hostOf, parseUrl, pathOf } from './options/urls.ts';
import { type AddressResolver, networkRules } from './socket/network.ts';
import { tcpProbe } from './tcp.ts';
import { tlsProbe } from './tls.ts';
import { transferProbe } from './transfer.ts';
import { udpProbe } from './udp.ts';
import { unixProbe } from './unix.ts';
import { websocketProbe } from './websocket.ts';

/** Makes the probe of a URL of one scheme. */
export type ProbeMaker = (url: URL, options: FromUrlOptions) => Probe;

export interface FromUrlOptions {
  /** Which addresses may be dialled; left out, all. */
  readonly egress?: EgressPolicy;
  /** What resolves names, as of every probe that connects by name. @default 'system' */
  readonly resolver?: 'system' | 'dns' | AddressResolver;
  /**
   * Further schemes, or other probes for known ones, without the colon: `grpcMakers` of `@watchkeeper/grpc/client` is
   * one, for `grpc://` and `grpcs://`.
   */
  readonly makers?: Readonly<Record<string, ProbeMaker>>;
  /** The only schemes to accept, for URLs that strangers write. @default all that are known */
  readonly schemes?: readonly string[];
}

const guarded = ({ egress }: FromUrlOptions) => (egress === undefined ? {} : { egress });
const dialled = (options: FromUrlOptions) => ({
  ...guarded(options),
  ...(options.resolver === undefined ? {} : { resolver: options.resolver }),
});
const hostAndPort = (url: URL, usual?: number) => ({ host: hostOf(url), port: Number(url.port) || (usual ?? 0) });

const known: Readonly<Record<string, ProbeMaker>> = {
  tcp: (url, options) => tcpProbe({ ...hostAndPort(url), ...dialled(options) }),
  tcp4: (url, options) => tcpProbe({ ...hostAndPort(url), family: 4, ...dialled(options) }),
  tcp6: (url, options) => tcpProbe({ ...hostAndPort(url), family: 6, ...dialled(options) }),
  transfer: (url, options) => transferProbe({ ...hostAndPort(url), ...dialled(options) }),
  udp: (url, options) => udpProbe({ ...hostAndPort(url), ...dialled(options) }),
  tls: (url, options) => tlsProbe({ ...hostAndPort(url, 443), ...dialled(options) }),
  unix: (url) => unixProbe({ path: pathOf('url', url) }),
  http: (url, options) => httpProbe({ url, ...dialled(options) }),
  https: (url, options) => httpProbe({ url, ...dialled(options) }),
  h2c: (url, options) => h2cProbe({ url, ...dialled(options) }),
  h2: (url, options) => h2Probe({ url, ...dialled(options) }),
  ws: (url, options) => websocketProbe({ url, ...dialled(options) }),
  wss: (url, options) => websocketProbe({ url, ...dialled(options) }),
  dns: (url, options) => dnsProbe({ ...dnsQuestion(url), ...guarded(options) }),
  file: (url) => fileProbe({ path: pathOf('url', url) }),
  fileserver: (url) => fileserverProbe({ root: pathOf('url', url) }),
  docker: (url, options) => dockerProbe({ container: url.host || url.pathname.slice(1), ...dialled(options) }),
};

type Settings = Resolved<FromUrlOptions, never>;

const rules: Rules<Settings> = {
  egress: networkRules.egress,
  resolver: networkRules.resolver,
  makers: optional(recordOf(callable<ProbeMaker>())),
  schemes: optional(listOf(text)),
};

/**
 * Makes the probe for a URL: `tcp://db:5432`, `transfer://db:5432`, `udp://dns:53`, `tls://site`,
 * `unix:///run/app.sock`, `http://`, `https://`, `h2c://`, `h2://`, `ws://`, `wss://`,
 * `dns://192.0.2.53/example.org?type=MX`, `file:///var/run/ready`, `fileserver:///srv`, `docker://postgres`; and
 * `grpc://orders:50051/orders.v1.Orders` with {@link FromUrlOptions.makers}.
 *
 * @throws `InvalidOptionError` naming what is wrong with the URL.
 * @example
 * ```ts
 * import { fromUrl } from '@watchkeeper/probes';
 *
 * export const probes = ['tcp://db:5432', 'https://example.org/health'].map((url) => fromUrl(url));
 * ```
 */
export function fromUrl(url: string | URL, given?: FromUrlOptions): Probe {
  const options = resolveProbeOptions<Settings>('fromUrl', rules, {}, given);
  const makers = { ...known, ...options.makers };
  const accepted = Object.keys(makers).filter((scheme) => options.schemes?.includes(scheme) ?? true);
  requireMaker(url, makers);
  const parsed = parseUrl(
    'url',
    url,
    accepted.map((scheme) => `${scheme}:`),
    true,
  );
  const make = makers[parsed.protocol.slice(0, -1)];
  if (!make) throw new InvalidOptionError('url', 'a URL of a known scheme', parsed.protocol);
  // Makers are given what was given, so that each has its own defaults.
  return make(parsed, given === undefined ? {} : given);
}

/** Says where the maker is that a known scheme lacks, rather than that the scheme is none. */
function requireMaker(url: string | URL, makers: Readonly<Record<string, ProbeMaker>>): void {
  const [, scheme = ''] = /^(grpcs?):/i.exec(textOf(url)) ?? [];
  if (scheme === '' || makers[scheme.toLowerCase()] !== undefined) return;
  throw new InvalidOptionError(
    'fromUrl.makers',
    `grpcMakers of @watchkeeper/grpc/client, for ${scheme}: URLs`,
    undefined,
  );
}

function dnsQuestion(url: URL): { name: string; type: DnsRecordType; servers?: string[] } {
  const type = (url.searchParams.get('type') ?? 'A') as DnsRecordType;
  return { name: url.pathname.slice(1), type, ...(url.host === '' ? {} : { servers: [url.host] }) };
}
