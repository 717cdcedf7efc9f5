import type { Refusal } from '@watchkeeper/core';
import type { MigrationHint } from './migrationHint.ts';

/** The gRPC status codes that are sent or understood here. */
export const statusCode = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** Status of a call that fails; of a Watch, also where the server asks its client to go. */
export type CallStatus = { readonly code: number; readonly details: string; readonly hint?: MigrationHint };

/**
 * Returns the status of a refused Watch. Never UNIMPLEMENTED: that would switch the health checking of a client's
 * channel off for good, while these two are retried with back-off.
 */
export function refusalStatus({ reason, retryAfterMs }: Refusal): CallStatus {
  const when = `try again in ${retryAfterMs} ms`;
  switch (reason) {
    case 'draining':
      return { code: statusCode.unavailable, details: 'This server is going away' };
    case 'overload':
      return { code: statusCode.unavailable, details: `This server has too much to do; ${when}` };
    case 'capacity':
      return { code: statusCode.resourceExhausted, details: `No room for another watch; ${when}` };
  }
}
