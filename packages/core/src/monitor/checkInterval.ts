import type { Health } from '../model/health.ts';
import type { Streaks } from './streaks.ts';

/** How urgently a target is asked: as ever, while its thresholds are counted, while it is down, while its check breaks. */
export type Pace = 'steady' | 'edge' | 'down' | 'error';

/** The state of a target that its pace depends on. */
export interface IntervalInput {
  /** The health before the latest check was judged. */
  readonly health: Health;
  /** The streaks after it. */
  readonly streaks: Streaks;
  /** Whether a failure says only that the target is still starting. */
  readonly excused: boolean;
}

/** The streaks that change a target's health. */
export interface Thresholds {
  readonly failureThreshold: number;
  readonly successThreshold: number;
  readonly errorThreshold: number;
}

/** The pace of the health that the latest check leads to. */
export function paceOf({ health, streaks, excused }: IntervalInput, thresholds: Thresholds): Pace {
  const { passes, failures, errors } = streaks;
  if (errors >= thresholds.errorThreshold) return 'error';
  if (excused) return 'edge';
  if (failures >= thresholds.failureThreshold) return 'down';
  if (passes >= thresholds.successThreshold) return 'steady';
  if (health === 'healthy' || health === 'degraded') return failures > 0 ? 'edge' : 'steady';
  if (health === 'unhealthy' || health === 'error' || health === 'stale') return passes > 0 ? 'edge' : 'down';
  return 'edge';
}

/** The interval of each pace, in milliseconds; 0 is that of the steady one. */
export interface Intervals {
  readonly intervalMs: number;
  readonly edgeIntervalMs: number;
  readonly downIntervalMs: number;
  readonly errorIntervalMs: number;
}

/** How long a target is left alone at a pace, in milliseconds. */
export function intervalAt(
  pace: Pace,
  { intervalMs, edgeIntervalMs, downIntervalMs, errorIntervalMs }: Intervals,
): number {
  if (pace === 'error') return errorIntervalMs;
  const own = { steady: intervalMs, edge: edgeIntervalMs, down: downIntervalMs }[pace];
  return own === 0 ? intervalMs : own;
}
