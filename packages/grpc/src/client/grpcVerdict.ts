import type { Verdict } from '@watchkeeper/core';
import { type CallStatus, statusCode } from '../protocol/callStatus.ts';
import type { ServingStatus } from '../protocol/healthProto.ts';

/** The verdict on a server that said `status`. */
export function verdictOfStatus(status: ServingStatus): Verdict {
  return status === 'SERVING' ? { status: 'pass' } : { status: 'fail', detail: status };
}

/**
 * The verdict on a server that could not be asked. One that answers but has no health service counts as passing
 * with a warning, since gRFC A17 has clients use it.
 */
export function verdictOfFailure({ code, details }: CallStatus): Verdict {
  if (code === statusCode.unimplemented) return { status: 'warn', detail: 'serves no grpc.health.v1' };
  return { status: 'fail', detail: `status ${code}: ${details}`.slice(0, 200) };
}
