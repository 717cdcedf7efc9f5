import type { Clock } from '@watchkeeper/core';
import { objectWith, positiveCount, type Rules, resolveOptions, text } from '@watchkeeper/core/options';
import { hostClock } from '../hostClock.ts';

/** Group of targets that are shown together. */
export interface BoardGroup {
  readonly name: string;
  /** Public name of each monitor, by its id. A monitor that is not named here is not shown. */
  readonly targets: Readonly<Record<string, string>>;
}

/** Options of the status board. */
export interface StatusBoardOptions {
  readonly title: string;
  readonly groups: readonly BoardGroup[];
  /**
   * The time one bar of a strip stands for, in milliseconds.
   * @default 60000
   */
  readonly barMs?: number;
  /**
   * Bars in a strip.
   * @default 90
   */
  readonly bars?: number;
  /**
   * Incidents that are remembered; the oldest is forgotten first.
   * @default 20
   */
  readonly mostIncidents?: number;
  /**
   * Where all time comes from (INV-78).
   * @default the system's clock
   */
  readonly clock?: Clock;
}

/** Defaults of the status board. */
export const statusBoardDefaults = { barMs: 60_000, bars: 90, mostIncidents: 20 } as const;

const rules: Rules<StatusBoardOptions> = {
  title: text,
  groups: {
    is: 'a list of groups, each with a name and its targets',
    accepts: (value): value is readonly BoardGroup[] => Array.isArray(value) && value.every(isGroup),
  },
  barMs: {
    is: 'a number of milliseconds from 1000',
    accepts: (value): value is number => Number.isFinite(value) && Number(value) >= 1_000,
  },
  bars: {
    is: 'a whole number from 1 to 1000',
    accepts: (value): value is number => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1_000,
  },
  mostIncidents: positiveCount,
  clock: objectWith<Clock>('now', 'setTimeout', 'clearTimeout'),
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveBoardOptions(given: StatusBoardOptions): Required<StatusBoardOptions> {
  const defaults = { clock: hostClock, ...statusBoardDefaults } as Required<StatusBoardOptions>;
  return resolveOptions<Required<StatusBoardOptions>>('statusBoard', rules, defaults, given === undefined ? {} : given);
}

function isGroup(group: unknown): boolean {
  if (typeof group !== 'object' || group === null || !('name' in group) || !('targets' in group)) return false;
  const { name, targets } = group;
  if (typeof name !== 'string' || typeof targets !== 'object' || targets === null) return false;
  return Object.values(targets).every((shown) => typeof shown === 'string' && shown !== '');
}
