import type { CloseReason } from '../model/closeReason.ts';

/** One client, and what it has been told. */
export interface Notifier {
  readonly key: string;
  readonly state: 'idle' | 'delivering' | 'stalled' | 'parting' | 'closed';
  /** Notices that wait for the client, those under way among them. They are counted one by one. */
  readonly pending: number;
  /** Whether more waits behind what is under way. */
  readonly hasMore: boolean;
  /**
   * Up to where it was handed everything: `resumeAfter` of a later client of the same topics. In a call of `deliver`, what
   * is handed over counts.
   */
  readonly position: number;
  /**
   * In a call of `deliver`, where it stands behind each of the notices that it is handed; the last is
   * {@link Notifier.position}. Where notices are told out of their order, those before the last change nothing.
   */
  readonly positions: readonly number[];
  /** Resolves once, with the reason, when the notifier has ended. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** Ends it, by default because the client is gone. What waits is dropped and counted. */
  close(reason?: CloseReason): void;
}
