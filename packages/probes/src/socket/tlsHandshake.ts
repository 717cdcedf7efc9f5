import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { InvalidOptionError, type Verdict } from '@watchkeeper/core';
import { oneOf, optional, type Rule, text } from '@watchkeeper/core/options';
import { TargetFault } from '../check/errors.ts';
import type { Check } from '../check/runCheck.ts';
import { hiddenValue, type Resolved, resolveProbeOptions } from '../options/resolveProbeOptions.ts';
import { anything } from '../options/rules.ts';
import { certificatesIn, firstExpiry, wellKnownAuthorities } from './certificatePath.ts';
import { takeOver } from './dial.ts';
import { destroyBoth, leavePolitely } from './leavePolitely.ts';

/** A version of TLS. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

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
  /** The oldest version to accept. @default 'TLSv1.2' */
  readonly minVersion?: TlsVersion;
  /** The cipher suites to offer, as OpenSSL lists them: `ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256`. */
  readonly ciphers?: string;
}

type TlsParts = Resolved<TlsOptions, never>;

/** TLS options that were checked: a bad certificate or key is found when the probe is made, not at its first check. */
export interface ResolvedTls {
  readonly servername: string | undefined;
  readonly context: () => SecureContext;
  /** Whether a certificate of ours is shown where the server asks for one. */
  readonly showsCertificate: boolean;
  /** The authorities that are trusted. */
  readonly trusted: () => readonly X509Certificate[];
}

const anyKey = anything as Rule<Buffer>;
const rules = {
  ca: anyKey,
  cert: anyKey,
  key: anyKey,
  passphrase: optional(text),
  servername: optional(text),
  minVersion: optional(oneOf('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3')),
  ciphers: optional(text),
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
  const { ca } = parts;
  const common = {
    servername,
    showsCertificate: parts.cert !== undefined,
    trusted: ca === undefined ? wellKnownAuthorities : () => certificatesIn(ca),
  };
  try {
    if (set.length === 0) return { ...common, context: defaultContext };
    const context = createSecureContext(Object.fromEntries(set));
    return { ...common, context: () => context };
  } catch (error) {
    throw new InvalidOptionError(owner, 'usable certificates, key, authority and ciphers', hiddenValue, error);
  }
}

/** A connection after its handshake. */
export interface TlsConnection {
  readonly socket: TLSSocket;
  /** Why the certificate cannot be trusted; undefined if it can. */
  readonly untrusted: string | undefined;
  /** Days until the first certificate of the chain expires; negative when it has. */
  readonly certificateDays: number;
  /** How long the handshake took, in milliseconds; at least one round trip. */
  readonly tookMs: number;
  /** Whether the server has sent a session ticket, which it does once it has our end of the handshake. */
  readonly hasTicket: () => boolean;
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
  const began = check.elapsedMs();
  // A name may end with the dot of the root, but a server is asked for, and certified, without it (RFC 6066 3).
  const name = (tls.servername ?? host).replace(/\.$/, '');
  let hasTicket = false;
  const secured = connect({
    secureContext: tls.context(),
    socket,
    host: name,
    // SNI carries names only; an address is verified through `host`.
    servername: isIP(name) === 0 ? name : '',
    ALPNProtocols: [...protocols],
    // Judged below, so that the verdict can say which rule was broken.
    rejectUnauthorized: false,
  });
  takeOver(socket);
  check.defer(() => {
    // Who is late already, or never came through the handshake, leaves at once.
    if (!check.signal.aborted && secured.getFinished() !== undefined) leavePolitely(secured, socket);
    else destroyBoth(secured, socket);
  });
  secured.once('session', () => {
    hasTicket = true;
  });
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', resolve);
    secured.on('error', reject);
    secured.once('close', () => reject(new TargetFault('connection closed during the TLS handshake')));
  });
  return {
    socket: secured,
    untrusted: secured.authorized ? undefined : `certificate not trusted: ${secured.authorizationError}`,
    certificateDays: (firstExpiry(secured, tls.trusted) - Date.now()) / 86_400_000,
    tookMs: check.elapsedMs() - began,
    hasTicket: () => hasTicket,
  };
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
