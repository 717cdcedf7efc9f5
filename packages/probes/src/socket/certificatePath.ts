import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';

/** The most certificates of a chain that are looked at. */
const longestPath = 16;

/** Returns the certificates in PEM texts; what is none is left out, as OpenSSL would have refused it. */
export function certificatesIn(ca: string | Buffer | readonly (string | Buffer)[]): readonly X509Certificate[] {
  const texts = [ca].flat().map(String);
  const blocks = texts.flatMap(
    (text) => text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [],
  );
  return blocks.flatMap(readCertificate);
}

let wellKnown: readonly X509Certificate[] | undefined;

/** Returns the authorities that connections without a `ca` of their own trust; read once, as there are many. */
export function wellKnownAuthorities(): readonly X509Certificate[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  wellKnown ??= (getCACertificates?.('default') ?? tls.rootCertificates).flatMap(readCertificate);
  return wellKnown;
}

function readCertificate(pem: string | Buffer): readonly X509Certificate[] {
  try {
    return [new X509Certificate(pem)];
  } catch {
    return [];
  }
}

/**
 * Returns when the first certificate on the verified path of a connection expires, in epoch milliseconds.
 *
 * A server may send more than the path: a root that another authority signed, and whose certificate has long expired, counts
 * for nothing where the root itself is trusted. Of a connection that is not trusted, all that was sent counts.
 *
 * @param trusted the authorities that the connection trusts; called only where it matters.
 */
export function firstExpiry(socket: tls.TLSSocket, trusted: () => readonly X509Certificate[]): number {
  const [leaf, ...issuers] = sentChain(socket);
  if (!leaf) return Infinity;
  const end = Date.parse(leaf.valid_to);
  const firstOfIssuers = Math.min(...issuers.map(({ valid_to }) => Date.parse(valid_to)));
  if (firstOfIssuers >= end || !socket.authorized) return Math.min(end, firstOfIssuers);
  const sent = issuers.flatMap(({ raw }) => readCertificate(raw));
  return readCertificate(leaf.raw).reduce((first, one) => Math.min(first, endOfPath(one, sent, trusted())), end);
}

function sentChain(socket: tls.TLSSocket): readonly tls.PeerCertificate[] {
  const chain: tls.PeerCertificate[] = [];
  const seen = new Set<string>();
  let certificate: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // A root signs itself: the chain ends where it meets a certificate again.
  while (certificate?.fingerprint256 && !seen.has(certificate.fingerprint256) && chain.length < longestPath) {
    seen.add(certificate.fingerprint256);
    chain.push(certificate);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

/** Follows the path as OpenSSL does: at each step, a trusted issuer goes before one that was sent, and ends the path. */
function endOfPath(
  leaf: X509Certificate,
  sent: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): number {
  let end = Infinity;
  let current = leaf;
  for (let step = 0; step < longestPath; step += 1) {
    end = Math.min(end, Date.parse(current.validTo));
    const anchors = issuersOf(current, trusted);
    if (anchors.length > 0) return Math.min(end, Math.max(...anchors.map(({ validTo }) => Date.parse(validTo))));
    const [issuer] = issuersOf(current, sent);
    if (!issuer || issuer.fingerprint256 === current.fingerprint256) return end;
    current = issuer;
  }
  return end;
}

function issuersOf(certificate: X509Certificate, among: readonly X509Certificate[]): readonly X509Certificate[] {
  return among.filter((one) => certificate.checkIssued(one) && certificate.verify(one.publicKey));
}
