import { noFailures } from './checkFailure.ts';
import { noFlaps } from './flapping.ts';
import type { MonitorContext } from './monitorContext.ts';
import type { MonitorSnapshot } from './monitorSnapshot.ts';
import type { PauseChange, PendingUpdate } from './pendingUpdates.ts';
import { noStreaks } from './streaks.ts';

/** The context of a monitor, and the states of its chart that are persisted. */
export interface ChartPosition {
  readonly context: MonitorContext;
  readonly alert: MonitorSnapshot['alert'];
  readonly isWaiting: boolean;
  readonly isPausedUntil: boolean;
}

/** Returns the persisted state of a monitor. */
export function persistMonitor({ context, alert, isWaiting, isPausedUntil }: ChartPosition): MonitorSnapshot {
  const { health, since, streaks, flaps, registeredAt, connectedAt, activeAt, dueAt, pausedUntil } = context;
  const { detail, verdict, checkedAt, healthyAt, lastFailures } = context;
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
    ...(lastFailures.length === 0 ? {} : { lastFailures }),
    ...(isWaiting && dueAt !== undefined ? { dueAt } : {}),
    ...(health === 'paused' && context.assumed !== undefined ? { assumed: context.assumed } : {}),
    ...(isPausedUntil && pausedUntil !== undefined ? { pausedUntil } : {}),
  };
}

/**
 * Returns the state that a monitor keeps over a crash: what others were told of and must hear the end of (an alert that
 * is raised (INV-58), a pause, flapping), when the target was last healthy (INV-68), and how it failed before. `undefined` where nothing is kept.
 */
export function snapshotAfterCrash(
  context: MonitorContext,
  raised: boolean,
  now: number,
  pending: PendingUpdate | undefined,
): MonitorSnapshot | undefined {
  const { healthyAt } = context;
  const flaps = pending?.probe === undefined ? context.flaps : noFlaps;
  const pause = pending?.pause ?? pauseOf(context);
  const lastFailures = pending?.probe === undefined ? context.lastFailures : noFailures;
  const isNew = healthyAt === undefined && lastFailures.length === 0;
  if (!raised && !pause.paused && flaps === noFlaps && isNew) return undefined;
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
    ...(lastFailures.length === 0 ? {} : { lastFailures }),
    ...(pause.paused && pause.detail !== undefined ? { detail: pause.detail } : {}),
    ...(pause.paused && pause.assumed !== undefined ? { assumed: pause.assumed } : {}),
    ...(pause.paused && pause.until !== undefined ? { pausedUntil: pause.until } : {}),
  };
}

function pauseOf({ health, pausedUntil, detail, assumed }: MonitorContext): PauseChange {
  return health === 'paused' ? { paused: true, until: pausedUntil, detail, assumed } : { paused: false };
}
