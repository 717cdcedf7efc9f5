import { type Health, isReady } from '@watchkeeper/core';
import type { ServingStatus } from '../protocol/healthProto.ts';

/**
 * What a health means to a gRPC client: may work be sent there?
 *
 * `healthy`, `degraded` and `paused` are `SERVING`; everything else is `NOT_SERVING`, `starting` too, since
 * nothing is yet known in its favour.
 */
export function servingStatus(health: Health): Exclude<ServingStatus, 'UNKNOWN' | 'SERVICE_UNKNOWN'> {
  return isReady(health) ? 'SERVING' : 'NOT_SERVING';
}
