import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { InvalidOptionError, type Verdict } from '@watchkeeper/core';
import { oneOf, optional, type Rule, text } from '@watchkeeper/core/options';
import { TargetFault } from '../check/errors.ts';
import type { Check } from '../check/runCheck.ts';
import { hiddenValue, type Resolved, resolveProbeOptions } from '../options/resolveProbeOptions.ts';
import { anything } from '../options/rules.ts';

/** Options of a TLS connection; each is as `node:tls` has it. */
export interface TlsOptions {
  /** Trust these instead of the well-known authorities. */
  readonly ca?: string | Buffer | (string | Buffer)[];
  /** The certificate to show, for servers that ask for one. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  /** The name to ask for and to verify. @default the host that is dialled */
  readonly servername?: string;
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
}

type TlsParts = Resolved<TlsOptions, never>;

/** TLS options that were checked: a bad certificate or key is found when the probe is made, not at its first check. */
export interface ResolvedTls {
  readonly servername: string | undefined;
  readonly context: () => SecureContext;
}

const anyKey = anything as Rule<Buffer>;
const rules = {
  ca: anyKey,
  cert: anyKey,
  key: anyKey,
  passphrase: optional(text),
  servername: optional(text),
  minVersion: optional(oneOf('TLSv1.2', 'TLSv1.3')),
};

/** Shared by all connections without options of their own, as it holds all well-known authorities. */
let sharedContext: SecureContext | undefined;
function defaultContext(): SecureContext {
  sharedContext ??= createSecureContext();
  return sharedContext;
}

/** @throws `InvalidOptionError` naming a bad option, or the unusable certificate, key or authority. */
export function resolveTlsOptions(owner: string, given: TlsOptions | undefined): ResolvedTls {
  const { servername, ...parts } = resolveProbeOptions<TlsParts>(owner, rules, {}, given);
  const set = Object.entries(parts).filter(([, value]) => value !== undefined);
  try {
    if (set.length === 0) return { servername, context: defaultContext };
    const context = createSecureContext(Object.fromEntries(set));
    return { servername, context: () => context };
  } catch (error) {
    throw new InvalidOptionError(owner, 'a usable certificate, key and authority', hiddenValue, error);
  }
}

/** A connection after its handshake. */
export interface TlsConnection {
  readonly socket: TLSSocket;
  /** Why the certificate cannot be trusted; undefined if it can. */
  readonly untrusted: string | undefined;
  /** Days until the first certificate of the chain expires; negative when it has. */
  readonly certificateDays: number;
}

/** Makes the TLS handshake over `socket`. An untrusted certificate is returned, not thrown: nothing was sent yet. */
export async function tlsHandshake(
  check: Check,
  socket: Socket,
  host: string,
  tls: ResolvedTls,
  protocols: readonly string[] = [],
): Promise<TlsConnection> {
  check.phase('shaking hands');
  // The end of the handshake and the first bytes sent are two writes.
  socket.setNoDelay();
  const secured = connect({
    secureContext: tls.context(),
    socket,
    host,
    // SNI carries names only; an address is verified through `host`.
    servername: tls.servername ?? (isIP(host) === 0 ? host : ''),
    ALPNProtocols: [...protocols],
    // Judged below, so that the verdict can say which rule was broken.
    rejectUnauthorized: false,
  });
  check.defer(() => secured.destroy());
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', resolve);
    secured.on('error', reject);
    secured.once('close', () => reject(new TargetFault('connection closed during the TLS handshake')));
  });
  return {
    socket: secured,
    untrusted: secured.authorized ? undefined : `certificate not trusted: ${secured.authorizationError}`,
    certificateDays: (firstExpiry(secured) - Date.now()) / 86_400_000,
  };
}

/** Returns when the first certificate of the chain expires, in epoch milliseconds. */
function firstExpiry(socket: TLSSocket): number {
  const seen = new Set<string>();
  let certificate = socket.getPeerCertificate(true);
  let end = Infinity;
  // A root signs itself: the chain ends where it meets a certificate again.
  while (certificate?.fingerprint256 && !seen.has(certificate.fingerprint256)) {
    seen.add(certificate.fingerprint256);
    end = Math.min(end, Date.parse(certificate.valid_to));
    certificate = certificate.issuerCertificate;
  }
  return end;
}

/** Adds the certificate's days to a verdict, and turns a pass into a warning when they run out. */
export function withCertificate(
  verdict: Verdict,
  tls: TlsConnection | undefined,
  warnDays: number | undefined,
): Verdict {
  if (!tls) return verdict;
  const days = Math.floor(tls.certificateDays);
  const measured = { ...verdict.measured, certificateDays: days };
  if (verdict.status !== 'pass' || warnDays === undefined || tls.certificateDays > warnDays) {
    return { ...verdict, measured };
  }
  return { status: 'warn', detail: `certificate ends in ${days} days`, measured };
}
