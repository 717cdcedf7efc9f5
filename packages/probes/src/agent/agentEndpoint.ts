import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { InvalidOptionError, type Probe, type Verdict } from '@watchkeeper/core';
import { egressRule, messageOf } from '@watchkeeper/core/adapters';
import { oneOf, optional, positiveCount, positiveMs, text } from '@watchkeeper/core/options';
import { redaction } from '../check/redaction.ts';
import type { EgressPolicy } from '../egress.ts';
import { fileserverProbe } from '../fileserver.ts';
import { h2cProbe } from '../h2.ts';
import { httpProbe } from '../http.ts';
import { type Resolved, resolveProbeOptions } from '../options/resolveProbeOptions.ts';
import { listOf } from '../options/rules.ts';
import { tcpProbe } from '../tcp.ts';
import { udpProbe } from '../udp.ts';

const schemes = ['http', 'https', 'h2c', 'tcp', 'tcp4', 'tcp6', 'udp', 'udp4', 'udp6', 'fileserver'] as const;
type Scheme = (typeof schemes)[number];

export interface AgentEndpointOptions {
  /** The bearer token that callers must show; left out, whoever reaches the endpoint may use it. */
  readonly token?: string;
  /** What may be checked. @default all: http, https, h2c, tcp, tcp4, tcp6, udp, udp4, udp6, fileserver */
  readonly schemes?: readonly Scheme[];
  /** Which addresses may be dialled on behalf of callers; left out, all. */
  readonly egress?: EgressPolicy;
  /** The verdict on a certificate that is not trusted; GoDoxy's is `pass`. @default 'fail' */
  readonly untrusted?: 'pass' | 'fail';
  /** The longest deadline a caller may ask for, in milliseconds. @default 30000 */
  readonly maxTimeoutMs?: number;
  /** How many checks may run at once; more are refused with 503. @default 256 */
  readonly maxChecks?: number;
}

/** Serves checks over HTTP; mount it at any path of a `node:http` server. */
export interface AgentEndpoint extends RequestListener {
  /** How many requests were refused because too many checks were running. */
  readonly refused: number;
}

type Settings = Resolved<AgentEndpointOptions, 'schemes' | 'untrusted' | 'maxTimeoutMs' | 'maxChecks'>;

const rules = {
  token: optional(text),
  schemes: listOf(oneOf(...schemes)),
  egress: optional(egressRule),
  untrusted: oneOf('pass', 'fail'),
  maxTimeoutMs: positiveMs,
  maxChecks: positiveCount,
};

const defaultTimeoutMs = 5_000;

/** A request that names no valid check: the caller's mistake. */
class BadRequest extends Error {}

/**
 * Makes the serving end of {@link agentProbe}: it runs checks for callers who cannot reach the target.
 *
 * It lets callers reach whatever this machine can reach: give it a `token` and an `egress` policy.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { agentEndpoint } from '@watchkeeper/probes/agent';
 *
 * const endpoint = agentEndpoint({ token: 'from your secret store', schemes: ['tcp', 'http'] });
 * export const agent = createServer(endpoint);
 * ```
 */
export function agentEndpoint(options: AgentEndpointOptions = {}): AgentEndpoint {
  const defaults = { schemes, untrusted: 'fail', maxTimeoutMs: 30_000, maxChecks: 256 } as const;
  const settings = resolveProbeOptions<Settings>('agentEndpoint', rules, defaults, options);
  const redact = redaction(settings.token === undefined ? [] : [settings.token]);
  let running = 0;
  let refused = 0;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isAuthorized(request, settings.token)) return respondWith(response, 401, 'the token is missing or wrong');
    if (running >= settings.maxChecks) {
      refused += 1;
      return respondWith(response.setHeader('retry-after', '1'), 503, 'too many checks are running');
    }
    running += 1;
    try {
      const query = new URL(request.url ?? '/', 'http://agent').searchParams;
      const verdict = await runRequestedCheck(query, settings, response);
      const { status, detail = '', latencyMs = 0 } = verdict;
      respondWith(
        response,
        200,
        JSON.stringify({ healthy: status !== 'fail', detail, latency: latencyMs }),
        'application/json',
      );
    } catch (error) {
      const message = redact(messageOf(error));
      respondWith(response, error instanceof BadRequest ? 400 : 502, message);
    } finally {
      running -= 1;
    }
  }

  const endpoint: RequestListener = (request, response) => void respond(request, response);
  return Object.defineProperty(endpoint, 'refused', { get: () => refused }) as AgentEndpoint;
}

async function runRequestedCheck(
  query: URLSearchParams,
  settings: Settings,
  response: ServerResponse,
): Promise<Verdict> {
  const scheme = query.get('scheme') ?? '';
  if (scheme === '') throw new BadRequest('missing scheme');
  const known = settings.schemes.find((one) => one === scheme);
  if (!known) return { status: 'fail', detail: `unsupported scheme: ${scheme}` };
  const probe = probeFor(known, query, settings);
  if (probe === undefined) return { status: 'fail', detail: 'no port specified' };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), timeoutMs(query, settings));
  response.once('close', () => controller.abort());
  try {
    return await probe(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

function probeFor(scheme: Scheme, query: URLSearchParams, { egress, untrusted }: Settings): Probe | undefined {
  const path = query.get('path') ?? '';
  try {
    if (scheme === 'fileserver') {
      if (path === '') throw new BadRequest('missing path');
      return fileserverProbe({ root: path });
    }
    const authority = authorityOf(query);
    const guarded = egress === undefined ? {} : { egress };
    const url = `${scheme}://${authority}${path === '' || path.startsWith('/') ? path : `/${path}`}`;
    if (scheme === 'http' || scheme === 'https') {
      return httpProbe({ url, preset: 'godoxy', method: 'HEAD', untrusted, ...guarded });
    }
    if (scheme === 'h2c') return h2cProbe({ url, preset: 'godoxy', method: 'HEAD', ...guarded });
    const { hostname, port } = new URL(`tcp://${authority}`);
    if (port === '' || port === '0') return undefined;
    const family = scheme.endsWith('4') ? { family: 4 as const } : scheme.endsWith('6') ? { family: 6 as const } : {};
    const to = { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port), ...family, ...guarded };
    return scheme.startsWith('tcp') ? tcpProbe(to) : udpProbe(to);
  } catch (error) {
    throw error instanceof InvalidOptionError ? new BadRequest(error.message) : error;
  }
}

/** Returns host and port of the target, from `host` alone or from `host` and `port`. */
function authorityOf(query: URLSearchParams): string {
  const host = query.get('host') ?? '';
  const port = query.get('port') ?? '';
  if (host === '') throw new BadRequest('missing host');
  const plain = `tcp://${/^[^[]*:[^\]]*:/.test(host) ? `[${host}]` : host}`;
  if (!URL.canParse(plain) || /[/?#@]/.test(host)) throw new BadRequest('host is not a host');
  const { host: authority, port: own } = new URL(plain);
  if (own !== '' && port !== '') throw new BadRequest('port is given twice');
  if (port !== '' && !/^\d{1,5}$/.test(port)) throw new BadRequest('port is not a port');
  return port === '' ? authority : `${authority}:${port}`;
}

function timeoutMs(query: URLSearchParams, { maxTimeoutMs }: Settings): number {
  const asked = Number(query.get('timeout'));
  return Math.min(asked > 0 && Number.isFinite(asked) ? asked : defaultTimeoutMs, maxTimeoutMs);
}

/** Compares digests, so that neither length nor prefix of the token shows in the time it takes. */
function isAuthorized(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

function respondWith(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
