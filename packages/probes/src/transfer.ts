import type { Probe } from '@watchkeeper/core';
import { optional, type Rule, text } from '@watchkeeper/core/options';
import { TargetFault } from './check/errors.ts';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import type { EgressPolicy } from './egress.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything, port } from './options/rules.ts';
import { byteReader } from './socket/byteReader.ts';
import { dial } from './socket/dial.ts';
import { egressRule } from './socket/egressGuard.ts';
import { runScript, type ScriptOptions, type StartTls, scriptDefaults, scriptRules } from './socket/script.ts';
import { resolveTlsOptions, type TlsOptions, tlsHandshake } from './socket/tlsHandshake.ts';

export interface TransferProbeOptions extends ScriptOptions {
  /** A host name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** For the step `{ startTls: true }` of a script. A certificate that is not trusted fails. */
  readonly tls?: TlsOptions;
  /** Which addresses may be dialled; left out, all. */
  readonly egress?: EgressPolicy;
}

type Settings = Resolved<TransferProbeOptions, 'host' | 'port' | 'quietMs' | 'maxBytes'>;

const rules = {
  ...scriptRules,
  host: text,
  port,
  tls: anything as Rule<TlsOptions | undefined>,
  egress: optional(egressRule),
};

/**
 * Checks whether data can flow through a TCP port, which a tunnel that merely accepts cannot feign for long.
 *
 * Without further options a banner, an orderly end and silence pass; refusal and reset fail (INV-50). With
 * `minBytes` or a `script` the target must speak.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { transferProbe } from '@watchkeeper/probes/transfer';
 *
 * export const mail = transferProbe({
 *   host: 'mail.example.org',
 *   port: 25,
 *   script: [
 *     { expect: /^220 / },
 *     { send: 'EHLO watchkeeper\r\n' },
 *     { expect: 'STARTTLS' },
 *     { send: 'STARTTLS\r\n' },
 *     { expect: /^220 /m },
 *     { startTls: true },
 *     { send: 'QUIT\r\n' },
 *     { expect: '221' },
 *   ],
 * });
 * ```
 */
export function transferProbe(options: TransferProbeOptions): Probe {
  const settings = resolveProbeOptions<Settings>('transferProbe', rules, scriptDefaults, options);
  const tls = resolveTlsOptions('transferProbe.tls', settings.tls);
  const { host } = settings;
  const name = `transfer://${host}:${settings.port}`;
  return probeOf({ name, host, redact: redaction(), unresolved: 'throw' }, async (check) => {
    const startTls: StartTls = async (reader) => {
      // What was received in the clear would be taken for something received under TLS.
      if (reader.received.length > 0) throw new TargetFault('server spoke before the TLS handshake');
      const { socket, untrusted } = await tlsHandshake(check, reader.release(), host, tls);
      if (untrusted !== undefined) throw new TargetFault(untrusted);
      return byteReader(check, socket);
    };
    check.phase('connecting');
    const socket = await dial(check, settings, settings.egress);
    return runScript(check, byteReader(check, socket), settings, startTls);
  });
}
