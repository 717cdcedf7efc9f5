import { type Health, healths } from '../model/health.ts';
import { isVerdict, type Verdict } from '../model/verdict.ts';
import { type Flaps, noFlaps } from './flapping.ts';
import type { MonitorContext } from './monitorContext.ts';
import type { Amendment, PauseChange } from './pendingUpdates.ts';
import { noStreaks, type Streaks } from './streaks.ts';

/** What one monitor knows that a later program can go on from. Plain and serialisable; times are epoch milliseconds. */
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
  /** When the next check is due; absent while one is under way. */
  readonly dueAt?: number;
  /** When its pause ends; absent when it is not paused, or until it is told. */
  readonly pausedUntil?: number;
};

/** Where a monitor's chart stands, as far as it is remembered. */
export interface Standing {
  readonly context: MonitorContext;
  readonly alert: MonitorSnapshot['alert'];
  readonly isWaiting: boolean;
  readonly isResting: boolean;
}

/** What a monitor that stands so knows. */
export function memoryOf({ context, alert, isWaiting, isResting }: Standing): MonitorSnapshot {
  const { health, since, streaks, flaps, registeredAt, connectedAt, activeAt, dueAt, pausedUntil } = context;
  const { detail, verdict, checkedAt, healthyAt } = context;
  return {
    health,
    since,
    ...(detail === undefined ? {} : { detail }),
    ...(verdict === undefined ? {} : { verdict }),
    streaks,
    flaps,
    alert,
    registeredAt,
    connectedAt,
    activeAt,
    ...(checkedAt === undefined ? {} : { checkedAt }),
    ...(healthyAt === undefined ? {} : { healthyAt }),
    ...(isWaiting && dueAt !== undefined ? { dueAt } : {}),
    ...(isResting && pausedUntil !== undefined ? { pausedUntil } : {}),
  };
}

/**
 * What a monitor that crashed goes on from. It begins anew, but for what others were told and have to hear the end of:
 * an alert that is raised (INV-58), a pause, and that its target flaps; and when that was last healthy (INV-68).
 */
export function memoryAfterCrash(
  context: MonitorContext,
  raised: boolean,
  now: number,
  amendment: Amendment | undefined,
): MonitorSnapshot | undefined {
  const { healthyAt } = context;
  const flaps = amendment?.probe === undefined ? context.flaps : noFlaps;
  const pause = amendment?.pause ?? pauseOf(context);
  if (!raised && !pause.paused && flaps === noFlaps && healthyAt === undefined) return undefined;
  return {
    health: pause.paused ? 'paused' : 'starting',
    since: now,
    streaks: noStreaks,
    flaps,
    alert: raised ? 'raised' : 'quiet',
    registeredAt: now,
    connectedAt: now,
    activeAt: now,
    ...(healthyAt === undefined ? {} : { healthyAt }),
    ...(pause.paused && pause.detail !== undefined ? { detail: pause.detail } : {}),
    ...(pause.paused && pause.until !== undefined ? { pausedUntil: pause.until } : {}),
  };
}

function pauseOf({ health, pausedUntil, detail }: MonitorContext): PauseChange {
  return health === 'paused' ? { paused: true, until: pausedUntil, detail } : { paused: false };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const areNumbers = (all: readonly unknown[]): boolean => all.every((value) => Number.isFinite(value));

/** Whether `value` is what {@link memoryOf} made, before it was written down and read again. */
export function isMemory(value: unknown): value is MonitorSnapshot {
  if (!isRecord(value)) return false;
  const { health, streaks, flaps, alert, detail, verdict } = value;
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
    (detail === undefined || typeof detail === 'string') &&
    (verdict === undefined || isVerdict(verdict))
  );
}
