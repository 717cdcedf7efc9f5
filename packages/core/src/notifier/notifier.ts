import type { CloseReason } from '../model/closeReason.ts';

/** One client's outbox. */
export interface Notifier {
  readonly key: string;
  readonly state: 'idle' | 'delivering' | 'stalled' | 'parting' | 'closed';
  /** Notices that wait for the client. */
  readonly pending: number;
  /** Resolves once, with the reason, when the notifier has ended. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** Ends it, by default because the client is gone. What waits is dropped and counted. */
  close(reason?: CloseReason): void;
}
