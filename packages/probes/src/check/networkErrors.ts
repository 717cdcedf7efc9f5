import { codeOf } from '@watchkeeper/core/adapters';
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

/** Returns the fault of the target behind `error`, in words; undefined where the target is not to blame. */
export function describeTargetFault(error: unknown): string | undefined {
  if (error instanceof TargetFault) return error.message;
  if (error instanceof AggregateError) return describeTargetFault(error.errors[0]);
  const code = codeOf(error);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return `TLS handshake failed: ${reasonOf(error)}`;
  }
  return targetFaults[code];
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
