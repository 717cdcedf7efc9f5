import type { Metadata } from '@grpc/grpc-js';
import type { CallStatus } from '../protocol/callStatus.ts';
import type { HealthCheckRequest, HealthCheckResponse } from '../protocol/healthProto.ts';

// The part of `@grpc/grpc-js` that a server's methods use, so that serving does not load the library.

/** One call that has a single request. */
export type ServerCall<TRequest> = {
  readonly request: TRequest;
  /** The client's address and port. */
  getPeer(): string;
};

/** Completes a call, once: with a status, or with a response. */
export type Answer<TResponse> = (status: CallStatus | null, response?: TResponse) => void;

/** The server's end of one Watch. `cancelled` turns true, and is emitted, when the call has ended, however it ended. */
export type WatchCall = ServerCall<HealthCheckRequest> & {
  readonly cancelled: boolean;
  write(response: HealthCheckResponse): boolean;
  /** `metadata` goes behind the last message. */
  end(metadata?: Metadata): unknown;
  once(event: 'drain' | 'cancelled', listener: () => void): unknown;
  emit(event: 'error', status: CallStatus & { readonly metadata?: Metadata }): boolean;
};
