/** One message from actor to actor, without its payload. */
export type TracedMessage = {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Sender; missing when no actor sent it. */
  readonly from?: string;
  readonly to: string;
  readonly type: string;
};
