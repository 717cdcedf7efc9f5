import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { InvalidOptionError, type Verdict } from '@watchkeeper/core';
import { oneOf, optional, type Rule, text } from '@watchkeeper/core/options';
import { TargetFault } from '../check/errors.ts';
import type { Attempt } from '../check/runCheck.ts';
import { anything, hidden, type Settled, settle } from '../options/resolveProbeOptions.ts';

/** How a TLS connection is made; each entry is as `node:tls` has it. */
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

type TlsParts = Settled<TlsOptions, never>;

/** TLS options that were tried: a bad certificate or key is found when the probe is made, not at its first check. */
export interface TlsSettings {
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

/** The context of those who ask for nothing special; it holds all well-known authorities, so there is one. */
let plainContext: SecureContext | undefined;
function usualContext(): SecureContext {
  plainContext ??= createSecureContext();
  return plainContext;
}

export function settleTls(owner: string, given: TlsOptions | undefined): TlsSettings {
  const { servername, ...parts } = settle<TlsParts>(owner, rules, {}, given);
  const special = Object.entries(parts).filter(([, value]) => value !== undefined);
  try {
    if (special.length === 0) return { servername, context: usualContext };
    const context = createSecureContext(Object.fromEntries(special));
    return { servername, context: () => context };
  } catch (error) {
    throw new InvalidOptionError(owner, 'a usable certificate, key and authority', hidden, error);
  }
}

/** What a handshake showed. */
export interface Secured {
  readonly socket: TLSSocket;
  /** Why the certificate cannot be trusted; undefined if it can. */
  readonly untrusted: string | undefined;
  /** Days until the first certificate of the chain ends; negative when it has. */
  readonly certificateDays: number;
}

/** Shakes hands over `socket`. An untrusted certificate is reported, not thrown: nothing was sent yet. */
export async function secure(
  attempt: Attempt,
  socket: Socket,
  host: string,
  tls: TlsSettings,
  protocols: readonly string[] = [],
): Promise<Secured> {
  attempt.stage('shaking hands');
  // The end of the handshake and what is said first are two writes.
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
  attempt.defer(() => secured.destroy());
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', resolve);
    secured.on('error', reject);
    secured.once('close', () => reject(new TargetFault('connection closed during the TLS handshake')));
  });
  return {
    socket: secured,
    untrusted: secured.authorized ? undefined : `certificate not trusted: ${secured.authorizationError}`,
    certificateDays: (firstEnd(secured) - Date.now()) / 86_400_000,
  };
}

/** When the first certificate of the shown chain ends, in epoch milliseconds. */
function firstEnd(socket: TLSSocket): number {
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
export function withCertificate(verdict: Verdict, secured: Secured | undefined, warnDays: number | undefined): Verdict {
  if (!secured) return verdict;
  const days = Math.floor(secured.certificateDays);
  const measured = { ...verdict.measured, certificateDays: days };
  if (verdict.status !== 'pass' || warnDays === undefined || secured.certificateDays > warnDays) {
    return { ...verdict, measured };
  }
  return { status: 'warn', detail: `certificate ends in ${days} days`, measured };
}
