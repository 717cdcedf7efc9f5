import type { Socket } from 'node:net';
import type { Probe, Verdict } from '@watchkeeper/core';
import { oneOf, optional, positiveCount, type Rule } from '@watchkeeper/core/options';
import { CheckBrokenError } from './check/errors.ts';
import { redaction } from './check/redaction.ts';
import { type Attempt, attemptProbe } from './check/runCheck.ts';
import { judgeContainer } from './docker/containerVerdict.ts';
import type { EgressPolicy } from './egress.ts';
import { HttpLines } from './http/http1Connection.ts';
import { anything, hostOf, parseUrl, pathOf, type Settled, settle } from './options/resolveProbeOptions.ts';
import { dial } from './socket/dial.ts';
import { egressRule } from './socket/egressGuard.ts';
import { openChannel } from './socket/openConnection.ts';
import { settleTls, type TlsOptions } from './socket/tlsHandshake.ts';

export interface DockerProbeOptions {
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
  /** Which addresses may be dialled; left out, all. A unix socket is always permitted. */
  readonly egress?: EgressPolicy;
}

type Settings = Settled<DockerProbeOptions, 'container' | 'engine' | 'unavailable' | 'maxAnswerBytes'>;

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
  egress: optional(egressRule),
};

/**
 * Asks the Docker Engine for a container's state and health; the `docker` command is not needed.
 *
 * What Docker answers is the verdict. What keeps it from answering – no Engine, no such container, no health
 * check in the image – breaks the check, see {@link withFallback} (INV-70).
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
  const settings = settle<Settings>(
    'dockerProbe',
    rules,
    { engine: 'unix:///var/run/docker.sock', unavailable: 'throw', maxAnswerBytes: 1_048_576 },
    options,
  );
  const engine = parseUrl('dockerProbe.engine', settings.engine, ['unix:', 'tcp:', 'http:', 'https:'], true);
  const open = openerOf(engine, settings);
  const lines = new HttpLines('http://docker');
  const version = settings.apiVersion === undefined ? '' : `/v${settings.apiVersion}`;
  const path = `${version}/containers/${settings.container}/json`;

  async function ask(attempt: Attempt): Promise<Verdict> {
    const doing = `asking Docker about ${settings.container}`;
    attempt.stage(doing);
    // The stages below are the line's own; here it is all one question.
    const steady: Attempt = {
      signal: attempt.signal,
      stage: () => attempt.stage(doing),
      defer: (free) => attempt.defer(free),
      elapsedMs: () => attempt.elapsedMs(),
    };
    const line = lines.over(await open(steady));
    attempt.defer(() => line.close());
    const answer = await line.ask(steady, {
      method: 'GET',
      path,
      headers: { 'user-agent': 'watchkeeper' },
      body: undefined,
      maxBodyBytes: settings.maxAnswerBytes,
    });
    const body = answer.body.toString('utf8');
    if (answer.oversize) throw new CheckBrokenError(`Docker answered more than ${settings.maxAnswerBytes} bytes`);
    if (answer.status !== 200) throw new CheckBrokenError(`Docker answered ${answer.status}: ${messageOf(body)}`);
    return judgeContainer(parse(body));
  }

  const name = `docker://${settings.container}`;
  const host = engine.protocol === 'unix:' ? engine.pathname : hostOf(engine);
  const broken = settings.unavailable;
  return attemptProbe({ name, host, redact: redaction(), unresolved: broken, refused: broken, broken }, ask);
}

/** How to reach the Engine. */
function openerOf(engine: URL, { tls, egress }: Settings): (attempt: Attempt) => Promise<Socket> {
  if (engine.protocol === 'unix:') {
    const path = pathOf('dockerProbe.engine', engine);
    return (attempt) => dial(attempt, { path });
  }
  const secured = engine.protocol === 'https:';
  const usualPort = { 'http:': 80, 'https:': 443 }[engine.protocol] ?? 2375;
  const route = {
    to: { host: hostOf(engine), port: Number(engine.port) || usualPort },
    tls: secured ? settleTls('dockerProbe.tls', tls) : undefined,
    protocols: ['http/1.1'],
    egress,
  };
  return async (attempt) => {
    const channel = await openChannel(attempt, route);
    if (channel.secured?.untrusted !== undefined) throw new CheckBrokenError(`Docker: ${channel.secured.untrusted}`);
    return channel.socket;
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new CheckBrokenError('Docker did not answer with JSON to the inspection', error);
  }
}

/** The Engine's own words: its errors are `{ "message": … }`. */
function messageOf(body: string): string {
  try {
    return String((JSON.parse(body) as { message?: unknown }).message ?? body);
  } catch {
    return body;
  }
}
