import type { Socket } from 'node:net';
import type { Probe, Verdict } from '@watchkeeper/core';
import { count, oneOf, optional, positiveCount, positiveMs, type Rule, text } from '@watchkeeper/core/options';
import { WebSocket } from 'ws';
import { TargetFault } from './check/errors.ts';
import { meets, warnIfSlow } from './check/expectations.ts';
import { describeTargetFault } from './check/networkErrors.ts';
import { redaction, secretsOf } from './check/redaction.ts';
import { type Check, probeOf } from './check/runCheck.ts';
import { headerNames, requestHeaders, secretsOfHeaders } from './http/httpHeaders.ts';
import { routeTo, type WebOptions, webRules } from './http/webOptions.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything, bytes, either, listOf, pattern, recordOf, string } from './options/rules.ts';
import { hostOf, parseUrl } from './options/urls.ts';
import { openConnection } from './socket/openConnection.ts';
import { resolveProxy } from './socket/proxy.ts';
import { resolveTlsOptions, type TlsOptions, withCertificate } from './socket/tlsHandshake.ts';

export interface WebsocketProbeOptions extends WebOptions {
  /** `ws:` or `wss:`. A user and password in it are sent as basic authorization, and never shown. */
  readonly url: string | URL;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What to send once the connection is open: a string as text, bytes as binary. */
  readonly send?: string | Uint8Array;
  /** What a message must contain or match; others are passed over. Left out, the upgrade alone is judged. */
  readonly expect?: string | RegExp;
  /** The longest message that is taken, in bytes; a longer one fails. @default 65536 */
  readonly maxMessageBytes?: number;
  /** A good answer that took longer than this many milliseconds warns. */
  readonly slowAfterMs?: number;
  readonly tls?: TlsOptions;
  /** The verdict on a certificate that is not trusted; no request is sent. @default 'fail' */
  readonly untrusted?: 'pass' | 'fail';
  /** Warn when the certificate ends within this many days. */
  readonly certificateWarnDays?: number;
}

type Settings = Resolved<WebsocketProbeOptions, 'url' | 'headers' | 'maxMessageBytes' | 'untrusted'>;

const rules = {
  url: anything as Rule<string>,
  protocols: optional(listOf(text)),
  headers: headerNames(recordOf(string)),
  send: optional(bytes),
  expect: optional(either(text, pattern)),
  maxMessageBytes: positiveCount,
  slowAfterMs: optional(positiveMs),
  tls: anything as Rule<TlsOptions | undefined>,
  untrusted: oneOf('pass', 'fail'),
  certificateWarnDays: optional(count),
  ...webRules,
};

/**
 * Checks whether a server upgrades to a WebSocket and, with `expect`, whether it answers with a message.
 *
 * Every trouble of the connection is the target's: `fail`, with the reason.
 *
 * @throws `InvalidOptionError` naming what is wrong with the URL or another option.
 * @example
 * ```ts
 * import { websocketProbe } from '@watchkeeper/probes/websocket';
 *
 * export const feed = websocketProbe({ url: 'wss://feed.example.org/live', send: '{"op":"ping"}', expect: '"pong"' });
 * ```
 */
export function websocketProbe(options: WebsocketProbeOptions): Probe {
  const defaults = { headers: {}, maxMessageBytes: 65_536, untrusted: 'fail' } as const;
  const settings = resolveProbeOptions<Settings>('websocketProbe', rules, defaults, options);
  const url = parseUrl('websocketProbe.url', settings.url, ['ws:', 'wss:']);
  const tlsOptions = resolveTlsOptions('websocketProbe.tls', settings.tls);
  const proxy = resolveProxy('websocketProbe', settings.proxy, settings);
  const redact = redaction([
    ...secretsOf(url),
    ...secretsOfHeaders(settings.headers),
    ...(proxy ? secretsOf(proxy.url) : []),
  ]);
  const route = routeTo(url, settings, ['http/1.1'], url.protocol === 'wss:' ? tlsOptions : undefined, proxy);

  async function run(check: Check): Promise<Verdict> {
    const { socket, tls } = await openConnection(check, route);
    if (tls?.untrusted !== undefined) return { status: settings.untrusted, detail: tls.untrusted };
    await upgrade(check, socket, url, settings);
    const verdict = warnIfSlow({ status: 'pass' }, check.elapsedMs(), settings.slowAfterMs);
    return withCertificate(verdict, tls, settings.certificateWarnDays);
  }

  const name = redact(`${url.protocol}//${url.host}${url.pathname}`);
  return probeOf({ name, host: settings.socketPath ?? hostOf(url), redact, unresolved: 'fail' }, run);
}

function upgrade(
  check: Check,
  opened: Socket,
  url: URL,
  { protocols = [], headers, send, expect, maxMessageBytes }: Settings,
): Promise<void> {
  check.phase('waiting for the upgrade');
  const address = new URL(url.href);
  address.hash = '';
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, [...protocols], {
      createConnection: () => opened,
      headers: requestHeaders(url, headers),
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
    });
    check.defer(() => closeAndTerminate(socket));
    socket.on('error', (error) =>
      reject(describeTargetFault(error) === undefined ? new TargetFault(error.message) : error),
    );
    socket.on('close', (code) => reject(new TargetFault(`server closed the connection (${code})`)));
    socket.on('unexpected-response', (_request, response) => {
      reject(new TargetFault(`server answered ${response.statusCode} ${response.statusMessage} instead of upgrading`));
    });
    socket.on('open', () => {
      if (send !== undefined) socket.send(send);
      if (expect === undefined) resolve();
      else check.phase('waiting for the message');
    });
    socket.on('message', (message: Buffer) => {
      if (expect !== undefined && meets(message, expect)) resolve();
    });
  });
}

/** Sends a close frame, but does not wait for the answer. */
function closeAndTerminate(socket: WebSocket): void {
  if (socket.readyState === WebSocket.OPEN) socket.close(1000);
  socket.terminate();
}
