/** One message from actor to actor, without what it carried. */
export type TracedMessage = {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who sent it; missing for who is no actor. */
  readonly from?: string;
  readonly to: string;
  readonly type: string;
};
