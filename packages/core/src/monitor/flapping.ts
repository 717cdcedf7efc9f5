/** How much a target has flapped lately, as RFC 2439 reckons it: each fall adds one, and half is forgotten each half-life. */
export interface Flaps {
  /** As of {@link Flaps.at}. */
  readonly penalty: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Whether the target flaps: from the suppress level on, until it is below the reuse level. */
  readonly flapping: boolean;
}

/** When a target flaps. */
export interface FlapLimits {
  readonly flapHalfLifeMs: number;
  readonly flapSuppress: number;
  readonly flapReuse: number;
}

export const noFlaps: Flaps = { penalty: 0, at: 0, flapping: false };

/** However long a target has flapped, it counts as calm after so many half-lives without a fall. */
const longestHalfLives = 4;

/** The flaps as of `now`, with one more fall if it `fell`. A half-life of 0 knows no flaps. */
export function flapsAfterCheck(former: Flaps, fell: boolean, now: number, limits: FlapLimits): Flaps {
  const { flapHalfLifeMs, flapSuppress, flapReuse } = limits;
  if (flapHalfLifeMs === 0) return noFlaps;
  const ceiling = Math.max(flapSuppress, flapReuse * 2 ** longestHalfLives);
  const left = former.penalty * 2 ** (-Math.max(0, now - former.at) / flapHalfLifeMs);
  const penalty = Math.min(ceiling, left + (fell ? 1 : 0));
  // Most targets never fall: they share one object between them.
  if (penalty === 0) return noFlaps;
  return { penalty, at: now, flapping: former.flapping ? penalty >= flapReuse : penalty >= flapSuppress };
}
