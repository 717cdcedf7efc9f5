import type { Probe } from '@watchkeeper/core';
import { count, flag, type Rule, text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything, port } from './options/rules.ts';
import { dial } from './socket/dial.ts';
import { type NetworkOptions, networkRules } from './socket/network.ts';
import { resolveTlsOptions, type TlsOptions, tlsHandshake, withCertificate } from './socket/tlsHandshake.ts';
import { untilAccepted } from './socket/untilAccepted.ts';

export interface TlsProbeOptions extends NetworkOptions {
  /** A host name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsOptions;
  /** Whether the chain and the name must be trusted, or only the dates are judged. @default true */
  readonly verify?: boolean;
  /** Warn when a certificate of the chain ends within this many days. @default 14 */
  readonly warnDays?: number;
  /** Fail when a certificate of the chain ends within this many days. @default 0 */
  readonly failDays?: number;
}

type Settings = Resolved<TlsProbeOptions, 'host' | 'port' | 'verify' | 'warnDays' | 'failDays'>;

const rules = {
  host: text,
  port,
  tls: anything as Rule<TlsOptions | undefined>,
  verify: flag,
  warnDays: count,
  failDays: count,
  ...networkRules,
};

/**
 * Checks whether a TLS handshake succeeds, whether its chain is trusted, and when the first of it ends.
 *
 * A server that refuses our certificate, or wants one, fails, also under TLS 1.3, where it says so after the handshake.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { tlsProbe } from '@watchkeeper/probes/tls';
 *
 * export const certificate = tlsProbe({ host: 'example.org', port: 443, warnDays: 21, failDays: 3 });
 * ```
 */
export function tlsProbe(options: TlsProbeOptions): Probe {
  const defaults = { verify: true, warnDays: 14, failDays: 0 };
  const settings = resolveProbeOptions<Settings>('tlsProbe', rules, defaults, options);
  const tls = resolveTlsOptions('tlsProbe.tls', settings.tls);
  const { host, failDays, warnDays } = settings;
  const name = `tls://${host}:${settings.port}`;
  return probeOf({ name, host, redact: redaction(), unresolved: 'throw' }, async (check) => {
    check.phase('connecting');
    const secured = await tlsHandshake(check, await dial(check, settings), host, tls);
    if (settings.verify && secured.untrusted !== undefined) return { status: 'fail', detail: secured.untrusted };
    const days = Math.floor(secured.certificateDays);
    const ended = days < 0 ? 'certificate has ended' : `certificate ends in ${days} days`;
    const due = secured.certificateDays <= failDays;
    const found = due ? ({ status: 'fail', detail: ended } as const) : ({ status: 'pass' } as const);
    const verdict = { ...withCertificate(found, secured, warnDays), latencyMs: check.elapsedMs() };
    if (due) return verdict;
    check.phase('waiting for the server to accept', verdict);
    await untilAccepted(check, secured, tls.showsCertificate);
    return verdict;
  });
}
