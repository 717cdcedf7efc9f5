import { type Health, healths } from '../model/health.ts';
import { isVerdict, type Verdict } from '../model/verdict.ts';
import { type CheckFailure, isCheckFailure } from './checkFailure.ts';
import { type Flaps, noFlaps } from './flapping.ts';
import type { Streaks } from './streaks.ts';

/** State of one monitor from which a later program resumes. Plain and serialisable; times are epoch milliseconds. */
export type MonitorSnapshot = {
  readonly health: Health;
  readonly since: number;
  readonly detail?: string;
  readonly verdict?: Verdict;
  readonly streaks: Streaks;
  readonly flaps: Flaps;
  readonly alert: 'quiet' | 'counting' | 'raised';
  readonly registeredAt: number;
  readonly connectedAt: number;
  readonly activeAt: number;
  readonly checkedAt?: number;
  readonly healthyAt?: number;
  readonly lastFailures?: readonly CheckFailure[];
  /** When the next check is due; absent while one is under way. */
  readonly dueAt?: number;
  /** When its pause ends; absent when it is not paused, or until it is told. */
  readonly pausedUntil?: number;
  /** What counts for it in its pause; absent where it is not paused, or where nothing is known of it. */
  readonly assumed?: Health;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const areNumbers = (all: readonly unknown[]): boolean => all.every((value) => Number.isFinite(value));

/** Whether `value` has the shape of a {@link MonitorSnapshot}, after it was stored and read again. */
export function isMonitorSnapshot(value: unknown): value is MonitorSnapshot {
  if (!isRecord(value)) return false;
  const { health, streaks, flaps, alert, detail, verdict, lastFailures } = value;
  const times = [value['since'], value['registeredAt'], value['connectedAt'], value['activeAt']];
  const mayLack = [value['checkedAt'], value['healthyAt'], value['dueAt'], value['pausedUntil']];
  return (
    (healths as readonly unknown[]).includes(health) &&
    areNumbers(times) &&
    areNumbers(mayLack.filter((time) => time !== undefined)) &&
    isRecord(streaks) &&
    areNumbers([streaks['passes'], streaks['failures'], streaks['errors']]) &&
    isRecord(flaps) &&
    areNumbers([flaps['penalty'], flaps['at']]) &&
    typeof flaps['flapping'] === typeof noFlaps.flapping &&
    (alert === 'quiet' || alert === 'counting' || alert === 'raised') &&
    (value['assumed'] === undefined || (healths as readonly unknown[]).includes(value['assumed'])) &&
    (detail === undefined || typeof detail === 'string') &&
    (verdict === undefined || isVerdict(verdict)) &&
    (lastFailures === undefined || (Array.isArray(lastFailures) && lastFailures.every(isCheckFailure)))
  );
}
