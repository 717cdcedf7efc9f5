import type { Probe, Verdict } from '@watchkeeper/core';
import { count, durationMs, oneOf, optional, type Rule } from '@watchkeeper/core/options';
import { redaction, secretsOf } from './check/redaction.ts';
import { type Check, probeOf } from './check/runCheck.ts';
import { Http1Connections } from './http/http1Connection.ts';
import {
  type HttpExpectations,
  httpExpectationRules,
  httpRulesOf,
  judgeHttp,
  judgesBody,
} from './http/httpExpectations.ts';
import { requestHeaders, secretsOfHeaders } from './http/httpHeaders.ts';
import { type HttpConnection, KeepAlivePool } from './http/keepAlivePool.ts';
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
import { parseUrl } from './options/urls.ts';
import { type OpenConnection, openConnection, type Route } from './socket/openConnection.ts';
import { resolveProxy } from './socket/proxy.ts';
import { resolveTlsOptions, type TlsOptions, withCertificate } from './socket/tlsHandshake.ts';

export interface HttpProbeOptions extends HttpExpectations, WebRequestOptions {
  /** `http:` or `https:`. A user and password in it are sent as basic authorization, and never shown. */
  readonly url: string | URL;
  /**
   * Keeps the connection this long for the next check, in milliseconds; it does not hold the process.
   * 0 dials anew for each check, which tests the whole way and leaves nothing open.
   * @default 0
   */
  readonly keepAliveMs?: number;
  readonly tls?: TlsOptions;
  /** The verdict on a certificate that is not trusted; GoDoxy's is `pass`, and no request is sent. @default 'fail' */
  readonly untrusted?: 'pass' | 'fail';
  /** Warn when the certificate ends within this many days. */
  readonly certificateWarnDays?: number;
}

const schemes = ['http:', 'https:'];

type Sure = 'url' | 'preset' | 'headers' | 'maxBodyBytes' | 'maxRedirects' | 'keepAliveMs' | 'untrusted';

type Settings = Resolved<HttpProbeOptions, Sure>;

const rules = {
  ...httpExpectationRules,
  ...webRequestRules,
  url: anything as Rule<string>,
  keepAliveMs: durationMs,
  tls: anything as Rule<TlsOptions | undefined>,
  untrusted: oneOf('pass', 'fail'),
  certificateWarnDays: optional(count),
};

/**
 * Sends a request to a web server, over HTTP/1.1, and judges its response.
 *
 * By default a GET must be answered with 200 to 399, as for Kubernetes; GoDoxy's mapping is the preset `godoxy` (INV-69).
 * Redirects are followed on request only. Every trouble of the connection is the target's: `fail`, with the reason.
 *
 * @throws `InvalidOptionError` naming what is wrong with the URL or another option.
 * @example
 * ```ts
 * import { httpProbe } from '@watchkeeper/probes/http';
 *
 * export const api = httpProbe({
 *   url: 'https://api.example.org/healthz',
 *   bodyJson: { status: 'ok', '["disk.free"].bytes': { min: 1_000_000 } },
 *   slowAfterMs: 300,
 *   certificateWarnDays: 14,
 * });
 * ```
 */
export function httpProbe(options: HttpProbeOptions): Probe {
  const settings = resolveProbeOptions<Settings>(
    'httpProbe',
    rules,
    { ...webRequestDefaults, keepAliveMs: 0, untrusted: 'fail' },
    options,
  );
  const expected = httpRulesOf('httpProbe', settings);
  const url = parseUrl('httpProbe.url', settings.url, schemes);
  const tlsOptions = resolveTlsOptions('httpProbe.tls', settings.tls);
  const proxy = resolveProxy('httpProbe', settings.proxy, settings);
  const secrets = [...secretsOf(url), ...secretsOfHeaders(settings.headers), ...(proxy ? secretsOf(proxy.url) : [])];
  const redact = redaction(secrets);
  const request = {
    method: settings.method ?? (settings.preset === 'godoxy' && !judgesBody(expected) ? 'HEAD' : 'GET'),
    path: `${url.pathname}${url.search}`,
    headers: requestHeaders(url, settings.headers),
    body: settings.body,
    maxBodyBytes: settings.maxBodyBytes,
  };
  const first = forwardedBy({ url, request });
  const route = routeOf(url);
  const connections = new Http1Connections(url.origin, settings.keepAliveMs);

  function routeOf(to: URL): Route {
    const tls = to.protocol === 'https:' ? tlsOptions : undefined;
    const hop = hopSettings(to, url, settings);
    return { ...routeTo(to, hop, ['http/1.1'], tls, proxy), forwarded: tls === undefined };
  }

  /** A proxy that forwards a request must be told where to. */
  function forwardedBy(hop: Hop): Hop['request'] {
    if (proxy === undefined || hop.url.protocol === 'https:') return hop.request;
    const { authorization } = proxy;
    const headers = authorization === undefined ? {} : { 'proxy-authorization': authorization };
    return {
      ...hop.request,
      path: `${hop.url.origin}${hop.request.path}`,
      headers: { ...hop.request.headers, ...headers },
    };
  }

  function httpOver(check: Check, { socket, tls }: OpenConnection, over: Http1Connections): HttpConnection {
    if (tls?.untrusted !== undefined) return { http: undefined, untrusted: tls.untrusted };
    const http = over.over(socket);
    check.defer(() => http.close());
    return { http, tls };
  }

  async function askHop(check: Check, hop: Hop): Promise<Asked> {
    const opened = await openConnection(check, routeOf(hop.url));
    const connection = httpOver(check, opened, new Http1Connections(hop.url.origin));
    if (!connection.http) return { response: undefined, untrusted: connection.untrusted };
    return { response: await connection.http.request(check, forwardedBy(hop)), tls: connection.tls };
  }

  // One function for both ways: a check spends microseconds on each promise it passes through.
  async function run(check: Check, pooled?: HttpConnection): Promise<Verdict> {
    const connection = pooled ?? httpOver(check, await openConnection(check, route), connections);
    if (!connection.http) return { status: settings.untrusted, detail: connection.untrusted };
    const answered: Asked = { response: await connection.http.request(check, first), tls: connection.tls };
    const asked =
      settings.maxRedirects === 0
        ? answered
        : await followRedirects({ url, request }, answered, settings.maxRedirects, schemes, (hop) =>
            askHop(check, hop),
          );
    if (!asked.response) return { status: settings.untrusted, detail: asked.untrusted };
    const judged = judgeHttp(asked.response, expected, check.elapsedMs());
    const verdict = judged instanceof Promise ? await judged : judged;
    return withCertificate(verdict, asked.tls, settings.certificateWarnDays);
  }

  const pool = new KeepAlivePool(
    async (check) => httpOver(check, await openConnection(check, route), connections),
    run,
  );
  const name = redact(`${url.origin}${url.pathname}`);
  const keepsAlive = settings.keepAliveMs > 0;
  const host = settings.socketPath ?? route.to.host;
  return probeOf({ name, host, redact, unresolved: 'fail' }, (check) => (keepsAlive ? pool.run(check) : run(check)));
}
