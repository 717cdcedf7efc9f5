import type { PublicHealth, UptimeBar } from './uptime.ts';

/** One target as the public sees it. */
export type BoardTarget = {
  readonly name: string;
  readonly health: PublicHealth;
  /** From 0 to 1, over the time shown; missing while nothing is known. */
  readonly uptime?: number;
  readonly bars: readonly UptimeBar[];
};

/** A time in which a target was down. */
export type BoardIncident = {
  /** Name of its group: targets of two groups may have the same name. */
  readonly group: string;
  readonly name: string;
  readonly from: number;
  readonly until?: number;
};

/** Everything the status board shows, as plain serialisable values; times are epoch milliseconds. */
export type BoardSnapshot = {
  readonly title: string;
  readonly at: number;
  readonly barMs: number;
  readonly groups: readonly { readonly name: string; readonly targets: readonly BoardTarget[] }[];
  /** The latest first. */
  readonly incidents: readonly BoardIncident[];
};
