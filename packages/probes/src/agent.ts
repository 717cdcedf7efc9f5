import type { Probe, Verdict } from '@watchkeeper/core';
import { optional, positiveMs, type Rule, text } from '@watchkeeper/core/options';
import { CheckBrokenError } from './check/errors.ts';
import { redaction, secretsOf } from './check/redaction.ts';
import { type Check, probeOf } from './check/runCheck.ts';
import { Http1Connections } from './http/http1Connection.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything } from './options/rules.ts';
import { hostOf, parseUrl, pathOf } from './options/urls.ts';
import { type NetworkOptions, networkOf, networkRules } from './socket/network.ts';
import { openConnection } from './socket/openConnection.ts';
import { resolveTlsOptions, type TlsOptions } from './socket/tlsHandshake.ts';

export interface AgentProbeOptions extends NetworkOptions {
  /** Where the agent serves its {@link agentEndpoint}: `http:` or `https:`. */
  readonly agent: string | URL;
  /** The URL that the agent checks: `tcp://db:5432`, `https://app/health`, `fileserver:///srv`. */
  readonly target: string | URL;
  /** How long the agent may take, in milliseconds. @default 5000 */
  readonly remoteTimeoutMs?: number;
  /** The bearer token the agent asks for. */
  readonly token?: string;
  readonly tls?: TlsOptions;
}

type Settings = Resolved<AgentProbeOptions, 'agent' | 'target' | 'remoteTimeoutMs'>;

const rules = {
  agent: anything as Rule<string>,
  target: anything as Rule<string>,
  remoteTimeoutMs: positiveMs,
  token: optional(text),
  tls: anything as Rule<TlsOptions | undefined>,
  ...networkRules,
};

/** The schemes an agent knows, as `URL.protocol` has them. */
const agentSchemes = ['http:', 'https:', 'h2c:', 'tcp:', 'tcp4:', 'tcp6:', 'udp:', 'udp4:', 'udp6:', 'fileserver:'];

/**
 * Makes a check through a remote agent, where this process cannot reach the target itself.
 *
 * The agent's verdict stands. A response other than 200 fails; an agent that cannot be reached breaks the check
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
  const settings = resolveProbeOptions<Settings>('agentProbe', rules, { remoteTimeoutMs: 5_000 }, options);
  const agent = parseUrl('agentProbe.agent', settings.agent, ['http:', 'https:']);
  const target = parseUrl('agentProbe.target', settings.target, agentSchemes, true);
  const secured = agent.protocol === 'https:';
  const route = {
    to: { host: hostOf(agent), port: Number(agent.port) || (secured ? 443 : 80), ...networkOf(settings) },
    tls: secured ? resolveTlsOptions('agentProbe.tls', settings.tls) : undefined,
    protocols: ['http/1.1'],
  };
  const query = new URLSearchParams({
    scheme: target.protocol.slice(0, -1),
    host: target.host,
    path:
      target.protocol === 'fileserver:' ? pathOf('agentProbe.target', target) : `${target.pathname}${target.search}`,
    timeout: String(settings.remoteTimeoutMs),
  });
  const connections = new Http1Connections(agent.origin);
  const headers = settings.token === undefined ? {} : { authorization: `Bearer ${settings.token}` };
  const request = {
    method: 'GET',
    path: `${agent.pathname}?${query}`,
    headers,
    body: undefined,
    maxBodyBytes: 65_536,
  };

  async function run(check: Check): Promise<Verdict> {
    const { socket, tls } = await openConnection(check, route);
    if (tls?.untrusted !== undefined) throw new CheckBrokenError(`agent: ${tls.untrusted}`);
    const http = connections.over(socket);
    check.defer(() => http.close());
    const response = await http.request(check, request);
    const body = response.body.toString('utf8');
    return response.status === 200 ? readVerdict(body) : { status: 'fail', detail: `HTTP ${response.status} ${body}` };
  }

  const redact = redaction([...secretsOf(agent), ...secretsOf(target), ...(settings.token ? [settings.token] : [])]);
  const name = redact(`${target.protocol}//${target.host}${target.pathname} by ${agent.host}`);
  return probeOf({ name, host: route.to.host, redact, unresolved: 'throw', refused: 'throw' }, run);
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
