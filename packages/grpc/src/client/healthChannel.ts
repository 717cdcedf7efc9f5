import type { CallStatus } from '../protocol/callStatus.ts';
import type { ServingStatus } from '../protocol/healthProto.ts';

/** Result of one Check. An unknown service is a status here, as it is on Watch. */
export type CheckAnswer = { readonly status: ServingStatus } | { readonly failure: CallStatus };

/** Listener of one Watch: any number of statuses, then its end, unless it was cancelled first. */
export interface WatchListener {
  heard(status: ServingStatus): void;
  ended(how: CallStatus): void;
}

/** A connection to one gRPC server that asks for its health. */
export interface HealthChannel {
  /** Asks once; settles by the deadline, and soon after `signal` aborts. Never rejects. */
  check(service: string, timeoutMs: number, signal: AbortSignal): Promise<CheckAnswer>;
  /** Begins a Watch. @returns a function that cancels it; after that the listener is not called. */
  watch(service: string, listener: WatchListener): () => void;
  /**
   * Calls `react` once, when the present connection has ended; soon, where there is none. UNIMPLEMENTED holds for one
   * connection: on the next one, the server is asked anew.
   *
   * @returns a function that takes that back.
   */
  onceDisconnected(react: () => void): () => void;
  /** Ends the connection and all calls on it. */
  close(): void;
}
