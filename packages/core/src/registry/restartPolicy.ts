/**
 * When a child is started again after it ended, as in Erlang/OTP: `permanent` always, `transient` unless it ended
 * as it should, `temporary` never.
 */
export type Restart = 'permanent' | 'transient' | 'temporary';

/**
 * Who is started again with a child, as in Erlang/OTP: only it, all of its siblings, or those that were started
 * after it.
 */
export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one';

/** How many restarts are bearable: more than `intensity` within `periodMs` are too many. */
export interface RestartLimit {
  readonly intensity: number;
  readonly periodMs: number;
}

/** Erlang/OTP's own defaults. */
export const restartLimitDefaults = { intensity: 1, periodMs: 5_000 } as const satisfies RestartLimit;

/** Whether one more restart at `now` is bearable, and the restarts to remember if it happens. */
export interface RestartRuling {
  readonly allowed: boolean;
  readonly restarts: readonly number[];
}

/**
 * Rules on one more restart: restarts older than the period are forgotten, and the one that would be too many
 * is refused before it happens.
 *
 * @param restarts when earlier ones happened, in milliseconds of the same clock as `now`.
 */
export function ruleOnRestart(
  restarts: readonly number[],
  now: number,
  { intensity, periodMs }: RestartLimit,
): RestartRuling {
  const recent = restarts.filter((at) => now - at <= periodMs);
  return recent.length < intensity
    ? { allowed: true, restarts: [...recent, now] }
    : { allowed: false, restarts: recent };
}

/** Whether a child that ended is to be started again at all. */
export function wantsRestart(restart: Restart, ended: 'done' | 'failed'): boolean {
  return restart === 'permanent' || (restart === 'transient' && ended === 'failed');
}
