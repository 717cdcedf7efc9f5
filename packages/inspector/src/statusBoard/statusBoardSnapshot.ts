import type { PublicHealth, UptimeBar } from './uptime.ts';

/** What the public sees of one target. */
export type BoardTarget = {
  readonly name: string;
  readonly health: PublicHealth;
  /** From 0 to 1, over the time shown; missing while nothing is known. */
  readonly uptime?: number;
  readonly bars: readonly UptimeBar[];
};

/** A time in which a target was down. */
export type BoardIncident = { readonly name: string; readonly from: number; readonly until?: number };

/** All that the board shows. Plain and serialisable; times are epoch milliseconds. */
export type BoardSnapshot = {
  readonly title: string;
  readonly at: number;
  readonly barMs: number;
  readonly groups: readonly { readonly name: string; readonly targets: readonly BoardTarget[] }[];
  /** The latest first. */
  readonly incidents: readonly BoardIncident[];
};
