import type { Verdict } from '@watchkeeper/core';
import { type CallStatus, statusCode } from '../protocol/callStatus.ts';
import type { ServingStatus } from '../protocol/healthProto.ts';

/** @returns the verdict on a server with `status`. */
export function verdictOfStatus(status: ServingStatus): Verdict {
  return status === 'SERVING' ? { status: 'pass' } : { status: 'fail', detail: status };
}

/**
 * Returns the verdict on a failed call. A server that responds but has no health service passes with a warning, since
 * gRFC A17 has clients use it.
 */
export function verdictOfFailure({ code, details }: CallStatus): Verdict {
  if (code === statusCode.unimplemented) return { status: 'warn', detail: 'serves no grpc.health.v1' };
  const byTime = code === statusCode.deadlineExceeded;
  return { status: 'fail', detail: `status ${code}: ${details}`.slice(0, 200), ...(byTime ? { byTime } : {}) };
}

/** Returns the verdict on a check that `signal` ended in the middle of `doing`, in the words of every other probe. */
export function verdictOfAbort({ reason }: AbortSignal, doing: string): Verdict {
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError';
  return {
    status: 'fail',
    detail: `${timedOut ? 'timed out' : 'aborted'} while ${doing}`,
    ...(timedOut ? { byTime: true } : {}),
  };
}
