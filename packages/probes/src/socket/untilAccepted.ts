import { TargetFault } from '../check/errors.ts';
import type { Check } from '../check/runCheck.ts';
import type { TlsConnection } from './tlsHandshake.ts';

/** How long a server that accepted us by a ticket may take to change its mind, in milliseconds. */
const afterTicketMs = 50;

/** The shortest and the longest wait for what a server makes of our end of the handshake, in milliseconds. */
const shortestWaitMs = 100;
const longestWaitMs = 1_000;

/**
 * Waits shortly for what a server makes of our end of the handshake: in TLS 1.3 it comes after the server's, and a server that
 * refuses our certificate, or misses one, says so only then. A ticket, data and silence are all consent.
 *
 * @param showsCertificate whether we showed a certificate: a server that then closes at once refuses it.
 * @throws the alert of the server.
 */
export function untilAccepted(
  check: Check,
  { socket, tookMs, hasTicket }: TlsConnection,
  showsCertificate: boolean,
): Promise<void> {
  if (socket.getProtocol() !== 'TLSv1.3') return Promise.resolve();
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const waitAtMost = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(resolve, ms);
    };
    const closed = (): void => {
      if (socket.errored) reject(socket.errored);
      else if (showsCertificate)
        reject(new TargetFault('connection closed after the TLS handshake: certificate refused'));
      else resolve();
    };
    check.defer(() => clearTimeout(timer));
    waitAtMost(hasTicket() ? afterTicketMs : Math.min(longestWaitMs, Math.max(shortestWaitMs, 2 * tookMs)));
    if (socket.destroyed) return closed();
    socket
      .on('error', reject)
      .once('end', closed)
      .once('close', closed)
      .once('session', () => waitAtMost(afterTicketMs))
      .once('data', () => resolve());
  });
}
