import type { Probe } from '@watchkeeper/core';
import { text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { port } from './options/rules.ts';
import { dial } from './socket/dial.ts';
import { type NetworkOptions, networkRules } from './socket/network.ts';

export interface TcpProbeOptions extends NetworkOptions {
  /** A host name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

const rules = { host: text, port, ...networkRules };

/**
 * Checks whether a TCP port accepts connections: dials, then closes. Sends nothing.
 *
 * Refused, reset and unreachable targets fail. A name that cannot be resolved breaks the check, as
 * nothing is then known of the target (INV-69).
 *
 * @throws `InvalidOptionError` for a missing host or a port outside 1 to 65535.
 * @example
 * ```ts
 * import { tcpProbe } from '@watchkeeper/probes/tcp';
 *
 * export const database = tcpProbe({ host: 'db.internal', port: 5432 });
 * ```
 */
export function tcpProbe(options: TcpProbeOptions): Probe {
  const to = resolveProbeOptions<Resolved<TcpProbeOptions, 'host' | 'port'>>('tcpProbe', rules, {}, options);
  const name = `tcp://${to.host}:${to.port}`;
  return probeOf({ name, host: to.host, redact: redaction(), unresolved: 'throw' }, async (check) => {
    check.phase('connecting');
    await dial(check, to);
    return { status: 'pass' };
  });
}
