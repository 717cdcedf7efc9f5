import type { Probe } from '@watchkeeper/core';
import { optional, type Rule, text } from '@watchkeeper/core/options';
import { TargetFault } from './check/errors.ts';
import { redaction } from './check/redaction.ts';
import { attemptProbe } from './check/runCheck.ts';
import type { EgressPolicy } from './egress.ts';
import { anything, port, type Settled, settle } from './options/resolveProbeOptions.ts';
import { wireOf } from './socket/byteReader.ts';
import { dial } from './socket/dial.ts';
import { egressRule } from './socket/egressGuard.ts';
import {
  type ConversationOptions,
  conversationDefaults,
  conversationRules,
  converse,
  type StartTls,
} from './socket/script.ts';
import { secure, settleTls, type TlsOptions } from './socket/tlsHandshake.ts';

export interface TransferProbeOptions extends ConversationOptions {
  /** A host name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** For the step `{ startTls: true }` of a script. A certificate that is not trusted fails. */
  readonly tls?: TlsOptions;
  /** Which addresses may be dialled; left out, all. */
  readonly egress?: EgressPolicy;
}

type Settings = Settled<TransferProbeOptions, 'host' | 'port' | 'quietMs' | 'maxBytes'>;

const rules = {
  ...conversationRules,
  host: text,
  port,
  tls: anything as Rule<TlsOptions | undefined>,
  egress: optional(egressRule),
};

/**
 * Asks whether data can flow through a TCP port, which a tunnel that merely accepts cannot feign for long.
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
  const settings = settle<Settings>('transferProbe', rules, conversationDefaults, options);
  const tls = settleTls('transferProbe.tls', settings.tls);
  const { host } = settings;
  const name = `transfer://${host}:${settings.port}`;
  return attemptProbe({ name, host, redact: redaction(), unresolved: 'throw' }, async (attempt) => {
    const startTls: StartTls = async (wire) => {
      // Whatever was said in the clear would be taken for something said under TLS.
      if (wire.received.length > 0) throw new TargetFault('server spoke before the TLS handshake');
      const { socket, untrusted } = await secure(attempt, wire.release(), host, tls);
      if (untrusted !== undefined) throw new TargetFault(untrusted);
      return wireOf(attempt, socket);
    };
    attempt.stage('connecting');
    const socket = await dial(attempt, settings, settings.egress);
    return converse(attempt, wireOf(attempt, socket), settings, startTls);
  });
}
