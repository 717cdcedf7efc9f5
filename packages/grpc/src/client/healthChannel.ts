import type { CallStatus } from '../protocol/callStatus.ts';
import type { ServingStatus } from '../protocol/healthProto.ts';

/** What came of one Check. An unknown service is a status here, as it is on Watch. */
export type CheckAnswer = { readonly status: ServingStatus } | { readonly failure: CallStatus };

/** Hears one Watch: any number of statuses, then, unless it was cancelled first, how it ended or why to cancel it now. */
export interface WatchListener {
  heard(status: ServingStatus): void;
  ended(how: CallStatus): void;
}

/** A way to ask one gRPC server how it is. */
export interface HealthChannel {
  /** Asks once; settles by the deadline, and soon after `signal` aborts. Never rejects. */
  check(service: string, timeoutMs: number, signal: AbortSignal): Promise<CheckAnswer>;
  /** Begins a Watch, and answers how to cancel it; a cancelled one is heard of no more. */
  watch(service: string, listener: WatchListener): () => void;
  /** Ends the connection and all calls on it. */
  close(): void;
}
