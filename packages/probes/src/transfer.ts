import { InvalidOptionError, type Probe } from '@watchkeeper/core';
import { oneOf, optional, type Rule, text } from '@watchkeeper/core/options';
import { TargetFault } from './check/errors.ts';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import { hiddenValue, type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything, port } from './options/rules.ts';
import { byteReader } from './socket/byteReader.ts';
import { dial } from './socket/dial.ts';
import { type NetworkOptions, networkRules } from './socket/network.ts';
import { runScript, type ScriptOptions, type StartTls, scriptDefaults, scriptRules, talks } from './socket/script.ts';
import { resolveTlsOptions, type TlsConnection, type TlsOptions, tlsHandshake } from './socket/tlsHandshake.ts';
import { untilAccepted } from './socket/untilAccepted.ts';
import { PlainText } from './starttls/plainText.ts';
import { dialogues, type StartTlsProtocol } from './starttls/starttls.ts';

export type { StartTlsProtocol };

export interface TransferProbeOptions extends ScriptOptions, NetworkOptions {
  /** A host name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /**
   * Goes to TLS as this protocol does it, before anything else: reads the greeting, asks, and reads the answer. A server
   * that offers no TLS, says something before the handshake, or shows a certificate that is not trusted fails. A `script`
   * then begins under TLS; left out, the handshake is enough.
   *
   * MySQL takes a check for a client that broke off, and bars our host after `max_connect_errors` of them in a row
   * (100 by default), unless somebody logs in from it in between.
   */
  readonly starttls?: StartTlsProtocol;
  /** For `starttls`, and the step `{ startTls: true }` of a script. A certificate that is not trusted fails. */
  readonly tls?: TlsOptions;
}

type Settings = Resolved<TransferProbeOptions, 'host' | 'port' | 'quietMs' | 'maxBytes'>;

const rules = {
  ...scriptRules,
  host: text,
  port,
  starttls: optional(oneOf('smtp', 'lmtp', 'imap', 'pop3', 'ftp', 'xmpp', 'postgres', 'mysql', 'ldap')),
  tls: anything as Rule<TlsOptions | undefined>,
  ...networkRules,
};

/**
 * Checks whether data can flow through a TCP port, and how fast, which a tunnel that merely accepts cannot feign for long.
 *
 * Without further options a banner, an orderly end and silence pass; refusal and reset fail (INV-50). With
 * `minBytes` or a `script` the target must speak.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { transferProbe } from '@watchkeeper/probes/transfer';
 *
 * export const mail = transferProbe({ host: 'mail.example.org', port: 25, starttls: 'smtp' });
 *
 * // What `starttls` has no name for is said by hand. A step takes a whole reply, to the end of its last line: what is left
 * // before the handshake might have been slipped in, and fails.
 * export const byHand = transferProbe({
 *   host: 'mail.example.org',
 *   port: 25,
 *   script: [
 *     { expect: /^(?:220-.*\r\n)*220(?: .*)?\r\n/ },
 *     { send: 'EHLO client.example.org\r\n' },
 *     { expect: /^250 STARTTLS\r\n|^250-STARTTLS\r\n(?:250-.*\r\n)*250 .*\r\n/m },
 *     { send: 'STARTTLS\r\n' },
 *     { expect: /^220(?: .*)?\r\n/ },
 *     { startTls: true },
 *     { send: 'QUIT\r\n' },
 *     { expect: /^221/ },
 *   ],
 * });
 * ```
 */
export function transferProbe(options: TransferProbeOptions): Probe {
  const settings = resolveProbeOptions<Settings>('transferProbe', rules, scriptDefaults, options);
  const tls = resolveTlsOptions('transferProbe.tls', settings.tls);
  const { host, starttls, script } = settings;
  if (starttls !== undefined && script?.some((step) => 'startTls' in step)) {
    const rule = 'without a step { startTls: true } where starttls is given, which has made TLS already';
    throw new InvalidOptionError('transferProbe.script', rule, hiddenValue);
  }
  const name = `transfer://${host}:${settings.port}`;
  return probeOf({ name, host, redact: redaction(), unresolved: 'throw' }, async (check) => {
    let lastHandshake: TlsConnection | undefined;
    const startTls: StartTls = async (reader) => {
      // What was received in the clear would be taken for something received under TLS.
      if (reader.received.length > 0) throw new TargetFault('server spoke before the TLS handshake');
      lastHandshake = await tlsHandshake(check, reader.release(), host, tls);
      const { socket, untrusted } = lastHandshake;
      if (untrusted !== undefined) throw new TargetFault(untrusted);
      return byteReader(check, socket);
    };
    const accepted = (connection: TlsConnection): Promise<void> => {
      check.phase('waiting for the server to accept', { status: 'pass' });
      return untilAccepted(check, connection, tls.showsCertificate);
    };
    check.phase('connecting');
    const socket = await dial(check, settings);
    const plain = byteReader(check, socket);
    if (starttls === undefined) {
      const verdict = await runScript(check, plain, settings, startTls);
      if (lastHandshake && endsInHandshake(settings)) await accepted(lastHandshake);
      return verdict;
    }
    const ends = { serverName: tls.servername ?? host, localAddress: socket.localAddress ?? '' };
    await dialogues[starttls](new PlainText(check, plain, settings), ends);
    const secured = await startTls(plain);
    if (talks(settings)) return runScript(check, secured, settings);
    if (lastHandshake) await accepted(lastHandshake);
    return { status: 'pass' };
  });
}

/** Whether nothing is said or waited for after the last handshake of a script, so that it alone is judged. */
function endsInHandshake({ script, minBytes, minBytesPerSecond }: Settings): boolean {
  const last = script?.at(-1);
  return last !== undefined && 'startTls' in last && minBytes === undefined && minBytesPerSecond === undefined;
}
