import type { Probe, Verdict } from '@watchkeeper/core';
import { count, durationMs, oneOf, optional, positiveCount, type Rule } from '@watchkeeper/core/options';
import { redaction, secretsOf } from './check/redaction.ts';
import { type Attempt, attemptProbe } from './check/runCheck.ts';
import type { EgressPolicy } from './egress.ts';
import { HttpLines } from './http/http1Connection.ts';
import { type HttpExpectations, httpExpectationRules, judgeHttp, judgesBody } from './http/httpExpectations.ts';
import { headerNames, methodName, questionHeaders, secretsOfHeaders } from './http/httpHeaders.ts';
import { type HttpConnection, KeptConnections } from './http/keepAlivePool.ts';
import {
  anything,
  bytes,
  hostOf,
  parseUrl,
  recordOf,
  type Settled,
  settle,
  string,
} from './options/resolveProbeOptions.ts';
import { egressRule } from './socket/egressGuard.ts';
import { type Channel, openChannel } from './socket/openConnection.ts';
import { settleTls, type TlsOptions, withCertificate } from './socket/tlsHandshake.ts';

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

type Settings = Settled<HttpProbeOptions, 'url' | 'preset' | 'headers' | 'maxBodyBytes' | 'keepAliveMs' | 'untrusted'>;

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
 * Asks a web server, over HTTP/1.1, and judges its answer.
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
  const settings = settle<Settings>(
    'httpProbe',
    rules,
    { preset: 'godoxy', headers: {}, maxBodyBytes: 65_536, keepAliveMs: 0, untrusted: 'fail' },
    options,
  );
  const url = parseUrl('httpProbe.url', settings.url, ['http:', 'https:']);
  const tls = settleTls('httpProbe.tls', settings.tls);
  const route = {
    to: { host: hostOf(url), port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) },
    tls: url.protocol === 'https:' ? tls : undefined,
    protocols: ['http/1.1'],
    egress: settings.egress,
  };
  const secrets = [...secretsOf(url), ...secretsOfHeaders(settings.headers)];
  const redact = redaction(secrets);
  const question = {
    method: settings.method ?? (settings.preset === 'godoxy' && !judgesBody(settings) ? 'HEAD' : 'GET'),
    path: `${url.pathname}${url.search}`,
    headers: questionHeaders(url, settings.headers),
    body: settings.body,
    maxBodyBytes: settings.maxBodyBytes,
  };
  const lines = new HttpLines(url.origin, settings.keepAliveMs);

  function speakOver(attempt: Attempt, { socket, secured }: Channel): HttpConnection {
    if (secured?.untrusted !== undefined) return { line: undefined, untrusted: secured.untrusted };
    const line = lines.over(socket);
    attempt.defer(() => line.close());
    return { line, secured };
  }

  // One function for both ways: a check spends microseconds on each promise it passes through.
  async function ask(attempt: Attempt, kept?: HttpConnection): Promise<Verdict> {
    const connection = kept ?? speakOver(attempt, await openChannel(attempt, route));
    if (!connection.line) return { status: settings.untrusted, detail: connection.untrusted };
    const answer = await connection.line.ask(attempt, question);
    const verdict = judgeHttp(answer, settings, attempt.elapsedMs());
    return withCertificate(verdict, connection.secured, settings.certificateWarnDays);
  }

  const kept = new KeptConnections(async (attempt) => speakOver(attempt, await openChannel(attempt, route)), ask);
  const name = redact(`${url.origin}${url.pathname}`);
  const keeps = settings.keepAliveMs > 0;
  return attemptProbe({ name, host: route.to.host, redact, unresolved: 'fail' }, (attempt) =>
    keeps ? kept.ask(attempt) : ask(attempt),
  );
}
