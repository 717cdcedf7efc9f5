import type { Probe, Verdict } from '@watchkeeper/core';
import { count, oneOf, optional, positiveCount, type Rule } from '@watchkeeper/core/options';
import { redaction, secretsOf } from './check/redaction.ts';
import { type Check, probeOf } from './check/runCheck.ts';
import type { EgressPolicy } from './egress.ts';
import { openHttp2Connection } from './http/http2Connection.ts';
import { type HttpExpectations, httpExpectationRules, judgeHttp, judgesBody } from './http/httpExpectations.ts';
import { headerNames, methodName, requestHeaders, secretsOfHeaders } from './http/httpHeaders.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything, bytes, recordOf, string } from './options/rules.ts';
import { hostOf, parseUrl } from './options/urls.ts';
import { egressRule } from './socket/egressGuard.ts';
import { openConnection } from './socket/openConnection.ts';
import { resolveTlsOptions, type TlsOptions, withCertificate } from './socket/tlsHandshake.ts';

export interface H2cProbeOptions extends HttpExpectations {
  /** `http:` or `h2c:` for {@link h2cProbe}, `https:` or `h2:` for {@link h2Probe}. */
  readonly url: string | URL;
  /** @default 'HEAD' under the preset `godoxy` without body rules, else 'GET' */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How much of a body is read, in bytes; a longer one fails if rules judge the body. @default 65536 */
  readonly maxBodyBytes?: number;
  /** Measures the round trip of a PING beside the request, or instead of it. */
  readonly ping?: 'also' | 'only';
  /** Which addresses may be dialled; left out, all. */
  readonly egress?: EgressPolicy;
}

export interface H2ProbeOptions extends H2cProbeOptions {
  readonly tls?: TlsOptions;
  /** The verdict on a certificate that is not trusted; no request is sent. @default 'fail' */
  readonly untrusted?: 'pass' | 'fail';
  /** Warn when the certificate ends within this many days. */
  readonly certificateWarnDays?: number;
}

type Settings = Resolved<H2ProbeOptions, 'url' | 'preset' | 'headers' | 'maxBodyBytes' | 'untrusted'>;

const plainRules = {
  ...httpExpectationRules,
  url: anything as Rule<string>,
  method: optional(methodName),
  headers: headerNames(recordOf(string)),
  body: optional(bytes),
  maxBodyBytes: positiveCount,
  ping: optional(oneOf('also', 'only')),
  egress: optional(egressRule),
};
const secureRules = {
  ...plainRules,
  tls: anything as Rule<TlsOptions | undefined>,
  untrusted: oneOf('pass', 'fail'),
  certificateWarnDays: optional(count),
};
const plainDefaults = { preset: 'godoxy', headers: {}, maxBodyBytes: 65_536 } as const;

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
  type Plain = Resolved<H2cProbeOptions, 'url' | 'preset' | 'headers' | 'maxBodyBytes'>;
  const settings = resolveProbeOptions<Plain>('h2cProbe', plainRules, plainDefaults, options);
  const url = parseUrl('h2cProbe.url', settings.url, ['http:', 'h2c:']);
  const none = { tls: undefined, untrusted: 'fail', certificateWarnDays: undefined } as const;
  return h2({ ...settings, ...none }, new URL(url.href.replace(/^h2c:/, 'http:')), 'h2c');
}

/**
 * Sends a request to a web server over HTTP/2 with TLS and judges its response as `httpProbe` does.
 *
 * A server that does not choose HTTP/2 in the handshake fails.
 *
 * @throws `InvalidOptionError` naming what is wrong with the URL or another option.
 */
export function h2Probe(options: H2ProbeOptions): Probe {
  const defaults = { ...plainDefaults, untrusted: 'fail' } as const;
  const settings = resolveProbeOptions<Settings>('h2Probe', secureRules, defaults, options);
  const url = parseUrl('h2Probe.url', settings.url, ['https:', 'h2:']);
  return h2(settings, new URL(url.href.replace(/^h2:/, 'https:')), 'h2');
}

function h2(settings: Settings, url: URL, kind: 'h2' | 'h2c'): Probe {
  const tlsOptions = resolveTlsOptions('h2Probe.tls', settings.tls);
  const route = {
    to: { host: hostOf(url), port: Number(url.port) || (kind === 'h2' ? 443 : 80) },
    tls: kind === 'h2' ? tlsOptions : undefined,
    protocols: ['h2', 'http/1.1'],
    egress: settings.egress,
  };
  const redact = redaction([...secretsOf(url), ...secretsOfHeaders(settings.headers)]);
  const request = {
    method: settings.method ?? (settings.preset === 'godoxy' && !judgesBody(settings) ? 'HEAD' : 'GET'),
    path: `${url.pathname}${url.search}`,
    headers: requestHeaders(url, settings.headers),
    body: settings.body,
    maxBodyBytes: settings.maxBodyBytes,
  };

  async function run(check: Check): Promise<Verdict> {
    const { socket, tls } = await openConnection(check, route);
    if (tls?.untrusted !== undefined) return { status: settings.untrusted, detail: tls.untrusted };
    if (tls && tls.socket.alpnProtocol !== 'h2') {
      return { status: 'fail', detail: 'server does not speak HTTP/2' };
    }
    const http = await openHttp2Connection(check, url, socket);
    const measured = settings.ping === undefined ? {} : { pingMs: await http.ping() };
    if (settings.ping === 'only') {
      return withCertificate({ status: 'pass', measured }, tls, settings.certificateWarnDays);
    }
    const response = await http.request(request);
    const verdict = judgeHttp(response, settings, check.elapsedMs(), measured);
    return withCertificate(verdict, tls, settings.certificateWarnDays);
  }

  const name = redact(`${kind}://${url.host}${url.pathname}`);
  return probeOf({ name, host: hostOf(url), redact, unresolved: 'fail' }, run);
}
