import type { Clock } from '@watchkeeper/core';
import { InvalidOptionError } from '@watchkeeper/core/options';
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

/** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
export function resolveBoardOptions(given: StatusBoardOptions): Required<StatusBoardOptions> {
  const resolved = { clock: hostClock, ...statusBoardDefaults, ...given };
  const { title, groups, barMs, bars, mostIncidents } = resolved;
  const unknown = Object.keys(resolved).find((name) => !names.includes(name));
  if (unknown !== undefined) demand(unknown, `one of ${names.join(', ')}`, unknown, false);
  demand('title', 'a non-empty string', title, typeof title === 'string' && title !== '');
  demand(
    'groups',
    'a list of groups, each with a name and its targets',
    groups,
    Array.isArray(groups) && groups.every(isGroup),
  );
  demand('barMs', 'a number of milliseconds from 1000', barMs, typeof barMs === 'number' && barMs >= 1_000);
  demand('bars', 'a whole number from 1 to 1000', bars, Number.isInteger(bars) && bars >= 1 && bars <= 1_000);
  demand(
    'mostIncidents',
    'a whole number of 1 or more',
    mostIncidents,
    Number.isInteger(mostIncidents) && mostIncidents >= 1,
  );
  return resolved;
}

const names: readonly string[] = ['title', 'groups', 'barMs', 'bars', 'mostIncidents', 'clock'];

function demand(option: string, rule: string, value: unknown, holds: boolean): void {
  if (!holds) throw new InvalidOptionError(`statusBoard.${option}`, rule, value);
}

function isGroup(group: unknown): boolean {
  if (typeof group !== 'object' || group === null || !('name' in group) || !('targets' in group)) return false;
  const { name, targets } = group;
  if (typeof name !== 'string' || typeof targets !== 'object' || targets === null) return false;
  return Object.values(targets).every((shown) => typeof shown === 'string' && shown !== '');
}
