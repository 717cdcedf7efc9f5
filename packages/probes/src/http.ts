import type { Probe, Verdict } from '@watchkeeper/core';
import { count, durationMs, oneOf, optional, positiveCount, type Rule } from '@watchkeeper/core/options';
import { redaction, secretsOf } from './check/redaction.ts';
import { type Check, probeOf } from './check/runCheck.ts';
import type { EgressPolicy } from './egress.ts';
import { Http1Connections } from './http/http1Connection.ts';
import { type HttpExpectations, httpExpectationRules, judgeHttp, judgesBody } from './http/httpExpectations.ts';
import { headerNames, methodName, requestHeaders, secretsOfHeaders } from './http/httpHeaders.ts';
import { type HttpConnection, KeepAlivePool } from './http/keepAlivePool.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything, bytes, recordOf, string } from './options/rules.ts';
import { hostOf, parseUrl } from './options/urls.ts';
import { egressRule } from './socket/egressGuard.ts';
import { type OpenConnection, openConnection } from './socket/openConnection.ts';
import { resolveTlsOptions, type TlsOptions, withCertificate } from './socket/tlsHandshake.ts';

export interface HttpProbeOptions extends HttpExpectations {
  /** `http:` or `https:`. A user and password in it are sent as basic authorization, and never shown. */
  readonly url: string | URL;
  /** @default 'HEAD' under the preset `godoxy` without body rules, else 'GET' */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How much of a body is read, in bytes; a longer one fails if rules judge the body. @default 65536 */
  readonly maxBodyBytes?: number;
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
  /** Which addresses may be dialled; left out, all. */
  readonly egress?: EgressPolicy;
}

type Settings = Resolved<HttpProbeOptions, 'url' | 'preset' | 'headers' | 'maxBodyBytes' | 'keepAliveMs' | 'untrusted'>;

const rules = {
  ...httpExpectationRules,
  url: anything as Rule<string>,
  method: optional(methodName),
  headers: headerNames(recordOf(string)),
  body: optional(bytes),
  maxBodyBytes: positiveCount,
  keepAliveMs: durationMs,
  tls: anything as Rule<TlsOptions | undefined>,
  untrusted: oneOf('pass', 'fail'),
  certificateWarnDays: optional(count),
  egress: optional(egressRule),
};

/**
 * Sends a request to a web server, over HTTP/1.1, and judges its response.
 *
 * By default everything but a 5xx passes (GoDoxy's mapping, INV-69); redirects are not followed. Every
 * trouble of the connection is the target's: `fail`, with the reason.
 *
 * @throws `InvalidOptionError` naming what is wrong with the URL or another option.
 * @example
 * ```ts
 * import { httpProbe } from '@watchkeeper/probes/http';
 *
 * export const api = httpProbe({
 *   url: 'https://api.example.org/healthz',
 *   preset: 'kubernetes',
 *   bodyJson: { status: 'ok' },
 *   slowAfterMs: 300,
 *   certificateWarnDays: 14,
 * });
 * ```
 */
export function httpProbe(options: HttpProbeOptions): Probe {
  const settings = resolveProbeOptions<Settings>(
    'httpProbe',
    rules,
    { preset: 'godoxy', headers: {}, maxBodyBytes: 65_536, keepAliveMs: 0, untrusted: 'fail' },
    options,
  );
  const url = parseUrl('httpProbe.url', settings.url, ['http:', 'https:']);
  const tlsOptions = resolveTlsOptions('httpProbe.tls', settings.tls);
  const route = {
    to: { host: hostOf(url), port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) },
    tls: url.protocol === 'https:' ? tlsOptions : undefined,
    protocols: ['http/1.1'],
    egress: settings.egress,
  };
  const secrets = [...secretsOf(url), ...secretsOfHeaders(settings.headers)];
  const redact = redaction(secrets);
  const request = {
    method: settings.method ?? (settings.preset === 'godoxy' && !judgesBody(settings) ? 'HEAD' : 'GET'),
    path: `${url.pathname}${url.search}`,
    headers: requestHeaders(url, settings.headers),
    body: settings.body,
    maxBodyBytes: settings.maxBodyBytes,
  };
  const connections = new Http1Connections(url.origin, settings.keepAliveMs);

  function httpOver(check: Check, { socket, tls }: OpenConnection): HttpConnection {
    if (tls?.untrusted !== undefined) return { http: undefined, untrusted: tls.untrusted };
    const http = connections.over(socket);
    check.defer(() => http.close());
    return { http, tls };
  }

  // One function for both ways: a check spends microseconds on each promise it passes through.
  async function run(check: Check, pooled?: HttpConnection): Promise<Verdict> {
    const connection = pooled ?? httpOver(check, await openConnection(check, route));
    if (!connection.http) return { status: settings.untrusted, detail: connection.untrusted };
    const response = await connection.http.request(check, request);
    const verdict = judgeHttp(response, settings, check.elapsedMs());
    return withCertificate(verdict, connection.tls, settings.certificateWarnDays);
  }

  const pool = new KeepAlivePool(async (check) => httpOver(check, await openConnection(check, route)), run);
  const name = redact(`${url.origin}${url.pathname}`);
  const keepsAlive = settings.keepAliveMs > 0;
  return probeOf({ name, host: route.to.host, redact, unresolved: 'fail' }, (check) =>
    keepsAlive ? pool.run(check) : run(check),
  );
}
