import type { MonitorStatus } from '@watchkeeper/core';
import { SimulatedComposite } from '../simulated/composite.ts';
import type { SimulatedTarget } from '../simulated/target.ts';
import { slackMs, type World } from '../world.ts';
import { holdComposite, holdRootCause } from './dependencyChecker.ts';

/** Holds what should be true of one monitor between two steps; `status` is what its supervisor says of it. */
export function holdTarget(world: World, target: SimulatedTarget, status: MonitorStatus | undefined): void {
  const { court, started, activeMs } = world;
  const { id, check, options, monitor } = target;
  court.hold('INV-48', !target.leaving, () => `${id} was told to end, and goes on`);
  if (world.rushed) target.hurried = true;
  if (monitor === undefined || !started || target.crashed || world.rushed) {
    target.idleSinceMs = undefined;
    return;
  }
  court.hold('INV-60', monitor.health === target.health, () => {
    return `${id} is ${monitor.health}, and was last said to be ${target.health}`;
  });
  const { alerting, rootCause } = status ?? monitor.status;
  court.hold('INV-58', alerting === target.alerting, () => `${id} alerts in silence`);
  holdRootCause(world, target, rootCause);
  if (target instanceof SimulatedComposite) {
    holdComposite(world, target);
    return;
  }
  court.hold('INV-40', target.asked > 0 || target.paused || target.hurried, () => `${id} was never asked`);
  if (check !== undefined && !check.settled) {
    court.hold('INV-45', !check.superseded || check.signal.aborted, () => `a void check of ${id} goes on`);
  }
  if (target.running && check !== undefined) {
    check.askedMs ??= activeMs;
    const ranMs = activeMs - check.askedMs;
    court.hold('INV-62', ranMs <= options.timeoutMs + slackMs, () => `a check of ${id} runs for ${ranMs} ms`);
  }
  holdCadence(world, target);
}

/** Nothing a target does ends its being asked (INV-63). */
function holdCadence({ court, activeMs }: World, target: SimulatedTarget): void {
  if (target.running || target.paused || target.health === 'stale') {
    target.idleSinceMs = undefined;
    target.lastAsked = target.asked;
    return;
  }
  if (target.idleSinceMs === undefined || target.lastAsked !== target.asked) target.idleSinceMs = activeMs;
  target.lastAsked = target.asked;
  const { intervalMs, errorIntervalMs, jitter } = target.options;
  const idleMs = activeMs - target.idleSinceMs;
  const mostMs = Math.max(intervalMs, errorIntervalMs) * (1 + jitter) + slackMs;
  court.hold('INV-63', idleMs <= mostMs, () => `${target.id} has not been asked for ${idleMs} ms`);
}
