import type { Probe } from '@watchkeeper/core';
import { count, flag, optional, type Rule, text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import type { EgressPolicy } from './egress.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { anything, port } from './options/rules.ts';
import { dial } from './socket/dial.ts';
import { egressRule } from './socket/egressGuard.ts';
import { resolveTlsOptions, type TlsOptions, tlsHandshake, withCertificate } from './socket/tlsHandshake.ts';

export interface TlsProbeOptions {
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
  /** Which addresses may be dialled; left out, all. */
  readonly egress?: EgressPolicy;
}

type Settings = Resolved<TlsProbeOptions, 'host' | 'port' | 'verify' | 'warnDays' | 'failDays'>;

const rules = {
  host: text,
  port,
  tls: anything as Rule<TlsOptions | undefined>,
  verify: flag,
  warnDays: count,
  failDays: count,
  egress: optional(egressRule),
};

/**
 * Checks whether a TLS handshake succeeds, whether its chain is trusted, and when the first of it ends.
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
    const secured = await tlsHandshake(check, await dial(check, settings, settings.egress), host, tls);
    if (settings.verify && secured.untrusted !== undefined) return { status: 'fail', detail: secured.untrusted };
    const days = Math.floor(secured.certificateDays);
    const ended = days < 0 ? 'certificate has ended' : `certificate ends in ${days} days`;
    const due = secured.certificateDays <= failDays;
    return withCertificate(due ? { status: 'fail', detail: ended } : { status: 'pass' }, secured, warnDays);
  });
}
