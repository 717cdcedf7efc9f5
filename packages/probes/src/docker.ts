import type { Socket } from 'node:net';
import type { Probe, Verdict } from '@watchkeeper/core';
import { oneOf, optional, positiveCount, type Rule } from '@watchkeeper/core/options';
import { CheckBrokenError } from './check/errors.ts';
import { redaction } from './check/redaction.ts';
import { type Check, probeOf } from './check/runCheck.ts';
import { containerVerdict } from './docker/containerVerdict.ts';
import { Http1Connections } from './http/http1Connection.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything } from './options/rules.ts';
import { hostOf, parseUrl, pathOf } from './options/urls.ts';
import { dial } from './socket/dial.ts';
import { type NetworkOptions, networkOf, networkRules } from './socket/network.ts';
import { openConnection } from './socket/openConnection.ts';
import { resolveTlsOptions, type TlsOptions } from './socket/tlsHandshake.ts';

export interface DockerProbeOptions extends NetworkOptions {
  /** The container's id or name. */
  readonly container: string;
  /**
   * Where the Engine listens: `unix:///var/run/docker.sock`, `tcp://host:2375` or `https://host:2376`. Its socket
   * gives full power over the machine, so put a read-only proxy before it.
   * @default 'unix:///var/run/docker.sock'
   */
  readonly engine?: string | URL;
  /** The version of the Engine's API to speak, such as `1.44`; left out, the Engine's own. */
  readonly apiVersion?: string;
  /** Where Docker cannot answer: `throw` lets a fallback take over, `fail` says so in the verdict. @default 'throw' */
  readonly unavailable?: 'throw' | 'fail';
  /** How much of the Engine's answer is read, in bytes. @default 1048576 */
  readonly maxAnswerBytes?: number;
  /** For `https:`. A certificate that is not trusted breaks the check. */
  readonly tls?: TlsOptions;
}

type Settings = Resolved<DockerProbeOptions, 'container' | 'engine' | 'unavailable' | 'maxAnswerBytes'>;

const containerName: Rule<string> = {
  is: 'a container id or name',
  accepts: (value): value is string => typeof value === 'string' && /^[\w][\w.-]*$/.test(value),
};
const versionNumber: Rule<string> = {
  is: 'a version such as 1.44',
  accepts: (value): value is string => typeof value === 'string' && /^\d+\.\d+$/.test(value),
};

const rules = {
  container: containerName,
  engine: anything as Rule<string>,
  apiVersion: optional(versionNumber),
  unavailable: oneOf('throw', 'fail'),
  maxAnswerBytes: positiveCount,
  tls: anything as Rule<TlsOptions | undefined>,
  ...networkRules,
};

/**
 * Reads a container's state and health from the Docker Engine; the `docker` command is not needed.
 *
 * What Docker or Podman answers is the verdict. What keeps it from answering – no Engine, no such container, no health
 * check in the image – breaks the check, see {@link withFallback} (INV-70). A container whose health is `starting` is
 * undecided: its check is discarded, and the health stays as it was.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { dockerProbe, tcpProbe, withFallback } from '@watchkeeper/probes';
 *
 * export const database = withFallback(
 *   dockerProbe({ container: 'postgres' }),
 *   tcpProbe({ host: '127.0.0.1', port: 5432 }),
 * );
 * ```
 */
export function dockerProbe(options: DockerProbeOptions): Probe {
  const settings = resolveProbeOptions<Settings>(
    'dockerProbe',
    rules,
    { engine: 'unix:///var/run/docker.sock', unavailable: 'throw', maxAnswerBytes: 1_048_576 },
    options,
  );
  const engine = parseUrl('dockerProbe.engine', settings.engine, ['unix:', 'tcp:', 'http:', 'https:'], true);
  const connect = connectorOf(engine, settings);
  const connections = new Http1Connections('http://docker');
  const version = settings.apiVersion === undefined ? '' : `/v${settings.apiVersion}`;
  const path = `${version}/containers/${settings.container}/json`;

  async function run(check: Check): Promise<Verdict> {
    const doing = `asking Docker about ${settings.container}`;
    check.phase(doing);
    // The phases below belong to the connection; to Docker it is all one request.
    const asOnePhase: Check = {
      signal: check.signal,
      phase: () => check.phase(doing),
      defer: (dispose) => check.defer(dispose),
      elapsedMs: () => check.elapsedMs(),
    };
    const http = connections.over(await connect(asOnePhase));
    check.defer(() => http.close());
    const response = await http.request(asOnePhase, {
      method: 'GET',
      path,
      headers: { 'user-agent': 'watchkeeper' },
      body: undefined,
      maxBodyBytes: settings.maxAnswerBytes,
    });
    const body = response.body.toString('utf8');
    if (response.oversize) throw new CheckBrokenError(`Docker answered more than ${settings.maxAnswerBytes} bytes`);
    if (response.status !== 200) throw new CheckBrokenError(`Docker answered ${response.status}: ${messageOf(body)}`);
    return containerVerdict(parse(body));
  }

  const name = `docker://${settings.container}`;
  const host = engine.protocol === 'unix:' ? engine.pathname : hostOf(engine);
  const broken = settings.unavailable;
  return probeOf({ name, host, redact: redaction(), unresolved: broken, refused: broken, broken }, run);
}

/** Returns how to connect to the Engine. */
function connectorOf(engine: URL, settings: Settings): (check: Check) => Promise<Socket> {
  if (engine.protocol === 'unix:') {
    const path = pathOf('dockerProbe.engine', engine);
    return (check) => dial(check, { path });
  }
  const secured = engine.protocol === 'https:';
  const defaultPort = { 'http:': 80, 'https:': 443 }[engine.protocol] ?? 2375;
  const route = {
    to: { host: hostOf(engine), port: Number(engine.port) || defaultPort, ...networkOf(settings) },
    tls: secured ? resolveTlsOptions('dockerProbe.tls', settings.tls) : undefined,
    protocols: ['http/1.1'],
  };
  return async (check) => {
    const connection = await openConnection(check, route);
    if (connection.tls?.untrusted !== undefined) throw new CheckBrokenError(`Docker: ${connection.tls.untrusted}`);
    return connection.socket;
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new CheckBrokenError('Docker did not answer with JSON to the inspection', error);
  }
}

/** Returns the Engine's own words: its errors are `{ "message": … }`. */
function messageOf(body: string): string {
  try {
    return String((JSON.parse(body) as { message?: unknown }).message ?? body);
  } catch {
    return body;
  }
}
