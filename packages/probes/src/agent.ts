import type { Probe, Verdict } from '@watchkeeper/core';
import { optional, positiveMs, type Rule, text } from '@watchkeeper/core/options';
import { CheckBrokenError } from './check/errors.ts';
import { redaction, secretsOf } from './check/redaction.ts';
import { type Attempt, attemptProbe } from './check/runCheck.ts';
import type { EgressPolicy } from './egress.ts';
import { HttpLines } from './http/http1Connection.ts';
import { anything, hostOf, parseUrl, pathOf, type Settled, settle } from './options/resolveProbeOptions.ts';
import { egressRule } from './socket/egressGuard.ts';
import { openChannel } from './socket/openConnection.ts';
import { settleTls, type TlsOptions } from './socket/tlsHandshake.ts';

export interface AgentProbeOptions {
  /** Where the agent serves its {@link agentEndpoint}: `http:` or `https:`. */
  readonly agent: string | URL;
  /** What the agent shall check: `tcp://db:5432`, `https://app/health`, `fileserver:///srv`. */
  readonly target: string | URL;
  /** How long the agent may take, in milliseconds. @default 5000 */
  readonly remoteTimeoutMs?: number;
  /** The bearer token the agent asks for. */
  readonly token?: string;
  readonly tls?: TlsOptions;
  /** Which addresses may be dialled to reach the agent; left out, all. */
  readonly egress?: EgressPolicy;
}

type Settings = Settled<AgentProbeOptions, 'agent' | 'target' | 'remoteTimeoutMs'>;

const rules = {
  agent: anything as Rule<string>,
  target: anything as Rule<string>,
  remoteTimeoutMs: positiveMs,
  token: optional(text),
  tls: anything as Rule<TlsOptions | undefined>,
  egress: optional(egressRule),
};

/** The schemes an agent knows, as `URL.protocol` has them. */
const agentSchemes = ['http:', 'https:', 'h2c:', 'tcp:', 'tcp4:', 'tcp6:', 'udp:', 'udp4:', 'udp6:', 'fileserver:'];

/**
 * Has a remote agent make the check, where this process cannot reach the target itself.
 *
 * The agent's verdict stands. An answer other than 200 fails; an agent that cannot be reached breaks the check
 * (INV-69), as nothing is then known of the target.
 *
 * @throws `InvalidOptionError` naming what is wrong with a URL or another option.
 * @example
 * ```ts
 * import { agentProbe } from '@watchkeeper/probes/agent';
 *
 * export const database = agentProbe({ agent: 'https://edge-7:8890/check', target: 'tcp://10.0.0.5:5432' });
 * ```
 */
export function agentProbe(options: AgentProbeOptions): Probe {
  const settings = settle<Settings>('agentProbe', rules, { remoteTimeoutMs: 5_000 }, options);
  const agent = parseUrl('agentProbe.agent', settings.agent, ['http:', 'https:']);
  const target = parseUrl('agentProbe.target', settings.target, agentSchemes, true);
  const secured = agent.protocol === 'https:';
  const route = {
    to: { host: hostOf(agent), port: Number(agent.port) || (secured ? 443 : 80) },
    tls: secured ? settleTls('agentProbe.tls', settings.tls) : undefined,
    protocols: ['http/1.1'],
    egress: settings.egress,
  };
  const query = new URLSearchParams({
    scheme: target.protocol.slice(0, -1),
    host: target.host,
    path:
      target.protocol === 'fileserver:' ? pathOf('agentProbe.target', target) : `${target.pathname}${target.search}`,
    timeout: String(settings.remoteTimeoutMs),
  });
  const lines = new HttpLines(agent.origin);
  const headers = settings.token === undefined ? {} : { authorization: `Bearer ${settings.token}` };
  const question = {
    method: 'GET',
    path: `${agent.pathname}?${query}`,
    headers,
    body: undefined,
    maxBodyBytes: 65_536,
  };

  async function ask(attempt: Attempt): Promise<Verdict> {
    const { socket, secured } = await openChannel(attempt, route);
    if (secured?.untrusted !== undefined) throw new CheckBrokenError(`agent: ${secured.untrusted}`);
    const line = lines.over(socket);
    attempt.defer(() => line.close());
    const answer = await line.ask(attempt, question);
    const body = answer.body.toString('utf8');
    return answer.status === 200 ? readVerdict(body) : { status: 'fail', detail: `HTTP ${answer.status} ${body}` };
  }

  const redact = redaction([...secretsOf(agent), ...secretsOf(target), ...(settings.token ? [settings.token] : [])]);
  const name = redact(`${target.protocol}//${target.host}${target.pathname} by ${agent.host}`);
  return attemptProbe({ name, host: route.to.host, redact, unresolved: 'throw', refused: 'throw' }, ask);
}

function readVerdict(body: string): Verdict {
  const { healthy, detail, latency } = parse(body);
  if (typeof healthy !== 'boolean') throw new CheckBrokenError('The agent did not answer with a verdict');
  return {
    status: healthy ? 'pass' : 'fail',
    ...(typeof detail === 'string' && detail !== '' ? { detail } : {}),
    ...(typeof latency === 'number' && latency >= 0 ? { latencyMs: latency } : {}),
  };
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch (error) {
    throw new CheckBrokenError('The agent did not answer with JSON', error);
  }
}

export { type AgentEndpoint, type AgentEndpointOptions, agentEndpoint } from './agent/agentEndpoint.ts';
