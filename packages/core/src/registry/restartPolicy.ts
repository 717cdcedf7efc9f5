/**
 * Restart type of a child, as in Erlang/OTP: a `permanent` one is restarted always, a `transient` one unless it ended
 * normally, a `temporary` one never.
 */
export type Restart = 'permanent' | 'transient' | 'temporary';

/**
 * Restart strategy, as in Erlang/OTP: a child is restarted alone, with all of its siblings, or with those started after
 * it.
 */
export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one';

/** Restart limit, as in Erlang/OTP: more than `intensity` restarts within `periodMs` are too many. */
export interface RestartLimit {
  readonly intensity: number;
  readonly periodMs: number;
}

/** Erlang/OTP's own defaults. */
export const restartLimitDefaults = { intensity: 1, periodMs: 5_000 } as const satisfies RestartLimit;

/** Decision on one more restart. */
export interface RestartDecision {
  readonly allowed: boolean;
  /** The restarts within the period, including this one if it is allowed. */
  readonly restarts: readonly number[];
}

/**
 * Decides on one more restart: it is refused if it would be one too many within the period.
 *
 * @param restarts when earlier ones happened, in milliseconds of the same clock as `now`. A registry moves them by the
 *   time that their children have waited since.
 */
export function decideRestart(
  restarts: readonly number[],
  now: number,
  { intensity, periodMs }: RestartLimit,
): RestartDecision {
  const recent = restarts.filter((at) => now - at <= periodMs);
  return recent.length < intensity
    ? { allowed: true, restarts: [...recent, now] }
    : { allowed: false, restarts: recent };
}

/** Whether a child that ended is to be restarted. */
export function shouldRestart(restart: Restart, ended: 'done' | 'failed'): boolean {
  return restart === 'permanent' || (restart === 'transient' && ended === 'failed');
}

/** The children that a strategy names, of `all` in the order of adding, when one of them has ended. */
export function affectedBy<TChild>(strategy: Strategy, ended: TChild, all: readonly TChild[]): readonly TChild[] {
  if (strategy === 'one_for_one') return [ended];
  return strategy === 'one_for_all' ? all : all.slice(all.indexOf(ended));
}
