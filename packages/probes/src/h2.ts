import type { Probe, Verdict } from '@watchkeeper/core';
import { count, oneOf, optional, type Rule } from '@watchkeeper/core/options';
import { TargetFault } from './check/errors.ts';
import { redaction, secretsOf } from './check/redaction.ts';
import { type Check, probeOf } from './check/runCheck.ts';
import { type Http2Connection, openHttp2Connection } from './http/http2Connection.ts';
import {
  type HttpExpectations,
  httpExpectationRules,
  httpRulesOf,
  judgeHttp,
  judgesBody,
} from './http/httpExpectations.ts';
import { requestHeaders, secretsOfHeaders } from './http/httpHeaders.ts';
import { type Asked, followRedirects, type Hop } from './http/redirects.ts';
import {
  hopSettings,
  routeTo,
  type WebRequestOptions,
  webRequestDefaults,
  webRequestRules,
} from './http/webOptions.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything } from './options/rules.ts';
import { hostOf, parseUrl } from './options/urls.ts';
import { openConnection } from './socket/openConnection.ts';
import { resolveProxy } from './socket/proxy.ts';
import { resolveTlsOptions, type TlsConnection, type TlsOptions, withCertificate } from './socket/tlsHandshake.ts';

export interface H2cProbeOptions extends HttpExpectations, WebRequestOptions {
  /** `http:` or `h2c:` for {@link h2cProbe}, `https:` or `h2:` for {@link h2Probe}. */
  readonly url: string | URL;
  /** Measures the round trip of a PING beside the request, or instead of it. */
  readonly ping?: 'also' | 'only';
}

export interface H2ProbeOptions extends H2cProbeOptions {
  readonly tls?: TlsOptions;
  /** The verdict on a certificate that is not trusted; no request is sent. @default 'fail' */
  readonly untrusted?: 'pass' | 'fail';
  /** Warn when the certificate ends within this many days. */
  readonly certificateWarnDays?: number;
}

type Sure = 'url' | 'preset' | 'headers' | 'maxBodyBytes' | 'maxRedirects';

type Settings = Resolved<H2ProbeOptions, Sure | 'untrusted'>;

/** A connection to a server; without `http` where the certificate is not trusted. */
type Connected =
  | { readonly http: Http2Connection; readonly tls: TlsConnection | undefined }
  | { readonly http: undefined; readonly untrusted: string };

const plainRules = {
  ...httpExpectationRules,
  ...webRequestRules,
  url: anything as Rule<string>,
  ping: optional(oneOf('also', 'only')),
};
const secureRules = {
  ...plainRules,
  tls: anything as Rule<TlsOptions | undefined>,
  untrusted: oneOf('pass', 'fail'),
  certificateWarnDays: optional(count),
};

/**
 * Sends a request to a web server over HTTP/2 with prior knowledge, without TLS, and judges its response as `httpProbe` does.
 *
 * @throws `InvalidOptionError` naming what is wrong with the URL or another option.
 * @example
 * ```ts
 * import { h2cProbe } from '@watchkeeper/probes/h2';
 *
 * export const mesh = h2cProbe({ url: 'h2c://10.0.0.7:8080/ready', ping: 'also' });
 * ```
 */
export function h2cProbe(options: H2cProbeOptions): Probe {
  type Plain = Resolved<H2cProbeOptions, Sure>;
  const settings = resolveProbeOptions<Plain>('h2cProbe', plainRules, webRequestDefaults, options);
  const url = parseUrl('h2cProbe.url', settings.url, ['http:', 'h2c:']);
  const none = { tls: undefined, untrusted: 'fail', certificateWarnDays: undefined } as const;
  return h2('h2cProbe', { ...settings, ...none }, new URL(url.href.replace(/^h2c:/, 'http:')));
}

/**
 * Sends a request to a web server over HTTP/2 with TLS and judges its response as `httpProbe` does.
 *
 * A server that does not choose HTTP/2 in the handshake fails.
 *
 * @throws `InvalidOptionError` naming what is wrong with the URL or another option.
 */
export function h2Probe(options: H2ProbeOptions): Probe {
  const defaults = { ...webRequestDefaults, untrusted: 'fail' } as const;
  const settings = resolveProbeOptions<Settings>('h2Probe', secureRules, defaults, options);
  const url = parseUrl('h2Probe.url', settings.url, ['https:', 'h2:']);
  return h2('h2Probe', settings, new URL(url.href.replace(/^h2:/, 'https:')));
}

function h2(owner: 'h2Probe' | 'h2cProbe', settings: Settings, url: URL): Probe {
  const expected = httpRulesOf(owner, settings);
  const tlsOptions = owner === 'h2Probe' ? resolveTlsOptions('h2Probe.tls', settings.tls) : undefined;
  const proxy = resolveProxy(owner, settings.proxy, settings);
  const redact = redaction([
    ...secretsOf(url),
    ...secretsOfHeaders(settings.headers),
    ...(proxy ? secretsOf(proxy.url) : []),
  ]);
  const request = {
    method: settings.method ?? (settings.preset === 'godoxy' && !judgesBody(expected) ? 'HEAD' : 'GET'),
    path: `${url.pathname}${url.search}`,
    headers: requestHeaders(url, settings.headers),
    body: settings.body,
    maxBodyBytes: settings.maxBodyBytes,
  };
  const first: Hop = { url, request };
  const schemes = [url.protocol];

  async function connect(check: Check, to: URL): Promise<Connected> {
    const hop = hopSettings(to, url, settings);
    const { socket, tls } = await openConnection(check, routeTo(to, hop, ['h2', 'http/1.1'], tlsOptions, proxy));
    if (tls?.untrusted !== undefined) return { http: undefined, untrusted: tls.untrusted };
    if (tls && tls.socket.alpnProtocol !== 'h2') throw new TargetFault('server does not speak HTTP/2');
    return { http: await openHttp2Connection(check, to, socket), tls };
  }

  async function askHop(check: Check, hop: Hop): Promise<Asked> {
    const connected = await connect(check, hop.url);
    if (!connected.http) return { response: undefined, untrusted: connected.untrusted };
    return { response: await connected.http.request(hop.request), tls: connected.tls };
  }

  async function run(check: Check): Promise<Verdict> {
    const connected = await connect(check, url);
    if (!connected.http) return { status: settings.untrusted, detail: connected.untrusted };
    const { http } = connected;
    const measured = settings.ping === undefined ? {} : { pingMs: await http.ping() };
    if (settings.ping === 'only') {
      return withCertificate({ status: 'pass', measured }, connected.tls, settings.certificateWarnDays);
    }
    const answered = { response: await http.request(request), tls: connected.tls };
    const follow = (hop: Hop): Promise<Asked> => askHop(check, hop);
    const asked = await followRedirects(first, answered, settings.maxRedirects, schemes, follow);
    if (!asked.response) return { status: settings.untrusted, detail: asked.untrusted };
    const verdict = await judgeHttp(asked.response, expected, check.elapsedMs(), measured);
    return withCertificate(verdict, asked.tls, settings.certificateWarnDays);
  }

  const name = redact(`${owner === 'h2Probe' ? 'h2' : 'h2c'}://${url.host}${url.pathname}`);
  return probeOf({ name, host: settings.socketPath ?? hostOf(url), redact, unresolved: 'fail' }, run);
}
