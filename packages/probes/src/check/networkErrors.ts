import { codeOf, messageOf } from '@watchkeeper/core/adapters';
import { TargetFault } from './errors.ts';

/** Words for the kernel's error codes of a target that is down. Any other code is our own trouble, or the resolver's. */
const targetFaults: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ECONNABORTED: 'connection aborted',
  EPIPE: 'connection closed while writing',
  EHOSTUNREACH: 'host unreachable',
  EHOSTDOWN: 'host down',
  ETIMEDOUT: 'connection timed out',
  // Of a unix socket: it was never made.
  ENOENT: 'no such socket',
  ENOTSOCK: 'not a socket',
};

const resolverCodes: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'ENODATA',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'ESERVFAIL',
  'EREFUSED',
  'ETIMEOUT',
]);

export { codeOf };

/** Errors of one address that say nothing of the target: this machine has no way to that network or family. */
const noWay: ReadonlySet<string> = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** The most members of an `AggregateError` that are looked at; libraries make lists without end. */
const mostMembers = 32;

/**
 * Returns the fault of the target behind `error`, in words; undefined where the target is not to blame.
 *
 * An `AggregateError`, of a name with several addresses, is the target's fault where each of its members is, or says of an
 * address that this machine has no way to it.
 */
export function describeTargetFault(error: unknown): string | undefined {
  if (error instanceof TargetFault) return error.message;
  if (error instanceof AggregateError) return describeAggregate(membersOf(error));
  const code = codeOf(error);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return `TLS handshake failed: ${reasonOf(error)}`;
  }
  return targetFaults[code];
}

function describeAggregate(members: readonly unknown[]): string | undefined {
  const reached = members.filter((one) => !noWay.has(codeOf(one)));
  const faults = reached.map((one) => (one instanceof AggregateError ? undefined : describeTargetFault(one)));
  if (faults.length === 0 || faults.includes(undefined)) return undefined;
  return [...new Set(faults)].join(', ');
}

/** Returns the words of an error, never empty: an `AggregateError` has those of its members. */
export function wordsOf(error: unknown): string {
  const own = messageOf(error);
  if (own !== '') return own;
  const members = error instanceof AggregateError ? membersOf(error) : [];
  const words = members.map((one) => messageOf(one) || codeOf(one)).filter((text) => text !== '');
  return [...new Set(words)].join(', ') || codeOf(error) || 'an error without words';
}

function membersOf({ errors }: AggregateError): readonly unknown[] {
  return Array.isArray(errors) ? errors.slice(0, mostMembers) : [];
}

/** Returns the fault of the resolver behind `error`, in words; undefined if it is something else. */
export function describeResolverFault(error: unknown): string | undefined {
  const code = codeOf(error);
  if (!resolverCodes.has(code)) return undefined;
  const host = (error as { hostname?: unknown }).hostname;
  return `cannot resolve ${typeof host === 'string' ? host : 'the host name'} (${code})`;
}

/** OpenSSL gives its reason in a field of its own; the message is a line of hexadecimal. */
function reasonOf(error: unknown): string {
  const { reason, message } = error as { reason?: unknown; message: string };
  return typeof reason === 'string' ? reason : message;
}
