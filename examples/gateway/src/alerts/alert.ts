/** Alert of an outage of one target. Plain and serialisable; times are epoch milliseconds. */
export type Alert = {
  readonly target: string;
  /** Names the outage: the same in its `down` and its `up`, and in no other. */
  readonly outage: string;
  /** `both` is the end of an outage whose beginning was never delivered: it tells of the whole. */
  readonly news: 'down' | 'up' | 'both';
  /** When this was found. */
  readonly at: number;
  /** When the alert was raised. */
  readonly downAt: number;
  /** When a check last passed before that; absent when none ever did (INV-68). */
  readonly healthyAt?: number;
  /** What was asked, without credentials. */
  readonly probe: string;
  /** Why it was down. */
  readonly detail?: string;
  /** Failed checks in a row when the alert was raised. */
  readonly failures: number;
};
