import type { Probe, Verdict } from '@watchkeeper/core';
import { optional, positiveCount, type Rule, text } from '@watchkeeper/core/options';
import { TargetFault } from './check/errors.ts';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { port, string } from './options/rules.ts';
import { byteReader } from './socket/byteReader.ts';
import { dial } from './socket/dial.ts';
import { type NetworkOptions, networkRules } from './socket/network.ts';

export interface AgentCheckProbeOptions extends NetworkOptions {
  /** A host name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** What to say first, as `agent-send` of HAProxy; left out, nothing. */
  readonly send?: string;
  /** How long the reply may be, in bytes; more fails. @default 1024 */
  readonly maxBytes?: number;
}

type Settings = Resolved<AgentCheckProbeOptions, 'host' | 'port' | 'maxBytes'>;

const rules = {
  host: text,
  port,
  send: optional(string as Rule<string>),
  maxBytes: positiveCount,
  ...networkRules,
};

/**
 * Asks an agent that speaks HAProxy's `agent-check`: one line of words on a TCP port.
 *
 * `up` and `ready` pass; `drain` and a weight of 0 % warn, since the target is well but wants no new traffic; `maint`,
 * `down`, `fail` and `stopped` fail, and so does a line without any of these words. The worst word counts; the
 * weight and `maxconn:` are measured.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { agentCheckProbe } from '@watchkeeper/probes/agentCheck';
 *
 * export const api = agentCheckProbe({ host: 'api.internal', port: 8081 });
 * ```
 */
export function agentCheckProbe(options: AgentCheckProbeOptions): Probe {
  const settings = resolveProbeOptions<Settings>('agentCheckProbe', rules, { maxBytes: 1_024 }, options);
  const { host, maxBytes, send } = settings;
  const name = `agent-check://${host}:${settings.port}`;
  return probeOf({ name, host, redact: redaction(), unresolved: 'throw' }, async (check) => {
    check.phase('connecting');
    const reader = byteReader(check, await dial(check, settings));
    if (send !== undefined) reader.send(send);
    check.phase('waiting for the reply');
    for (;;) {
      const said = reader.received.toString('latin1');
      const end = said.search(/[\r\n]/);
      if (end >= 0) return verdictOf(said.slice(0, end));
      if (said.length >= maxBytes) throw new TargetFault(`a reply of more than ${maxBytes} bytes`);
      if ((await reader.read()) === 'end') return verdictOf(said);
    }
  });
}

/** How bad each word is. `fail` and `failed` are both in use. */
const statusOfWord: Readonly<Record<string, Verdict['status']>> = {
  up: 'pass',
  ready: 'pass',
  drain: 'warn',
  maint: 'fail',
  down: 'fail',
  fail: 'fail',
  failed: 'fail',
  stopped: 'fail',
};

const severity = ['pass', 'warn', 'fail'] as const;

function verdictOf(line: string): Verdict {
  const [, words = '', , reason = ''] = /^([^#]*)(#(.*))?$/.exec(line) ?? [];
  let worst = -1;
  const measured: { weightPercent?: number; maxconn?: number } = {};
  for (const word of words.toLowerCase().split(/[ \t,]+/)) {
    const [, weight] = /^(\d{1,5})%$/.exec(word) ?? [];
    const [, maxconn] = /^maxconn:(\d{1,9})$/.exec(word) ?? [];
    if (weight !== undefined) measured.weightPercent = Number(weight);
    if (maxconn !== undefined) measured.maxconn = Number(maxconn);
    const status = Object.hasOwn(statusOfWord, word) ? statusOfWord[word] : undefined;
    const rank =
      status !== undefined ? severity.indexOf(status) : weight === undefined ? -1 : Number(weight) > 0 ? 0 : 1;
    worst = Math.max(worst, rank);
  }
  const status = severity[worst];
  const rest = Object.keys(measured).length === 0 ? {} : { measured };
  if (status === undefined)
    return { status: 'fail', detail: `no word of agent-check in ${JSON.stringify(line.slice(0, 80))}`, ...rest };
  if (status === 'pass') return { status, ...rest };
  return { status, detail: (reason.trim() || words.trim()).slice(0, 80), ...rest };
}
