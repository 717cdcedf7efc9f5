import type { MonitorStatus } from '@watchkeeper/core';
import { SimulatedComposite } from '../simulated/composite.ts';
import type { SimulatedTarget } from '../simulated/target.ts';
import { slackMs, type World } from '../world.ts';
import { checkComposite, checkRootCause } from './dependencyChecker.ts';

/** Checks what should be true of one monitor between two steps; `status` is what its supervisor says of it. */
export function checkTarget(world: World, target: SimulatedTarget, status: MonitorStatus | undefined): void {
  const { violations, started, activeMs } = world;
  const { id, check, options, monitor } = target;
  violations.expect('INV-48', !target.leaving, () => `${id} was told to end, and goes on`);
  if (world.rushed) target.rushed = true;
  if (monitor === undefined || !started || target.crashed || world.rushed) {
    target.idleSinceMs = undefined;
    return;
  }
  violations.expect('INV-60', monitor.health === target.health, () => {
    return `${id} is ${monitor.health}, and was last said to be ${target.health}`;
  });
  const { alerting, rootCause } = status ?? monitor.status;
  violations.expect('INV-58', alerting === target.alerting, () => `${id} alerts in silence`);
  checkRootCause(world, target, rootCause);
  if (target instanceof SimulatedComposite) {
    checkComposite(world, target);
    return;
  }
  violations.expect('INV-40', target.asked > 0 || target.paused || target.rushed, () => `${id} was never asked`);
  if (check !== undefined && !check.settled) {
    violations.expect('INV-45', !check.superseded || check.signal.aborted, () => `a void check of ${id} goes on`);
  }
  if (target.running && check !== undefined) {
    check.askedMs ??= activeMs;
    const ranMs = activeMs - check.askedMs;
    violations.expect('INV-62', ranMs <= options.timeoutMs + slackMs, () => `a check of ${id} runs for ${ranMs} ms`);
  }
  checkCadence(world, target);
}

/** Checks that nothing a target does ends its being asked (INV-63); while a run of its probe lasts it is asked by no other. */
function checkCadence({ violations, activeMs }: World, target: SimulatedTarget): void {
  if (target.underWay > 0 || target.paused || target.health === 'stale') {
    target.idleSinceMs = undefined;
    target.lastAsked = target.asked;
    return;
  }
  if (target.idleSinceMs === undefined || target.lastAsked !== target.asked) target.idleSinceMs = activeMs;
  target.lastAsked = target.asked;
  const { intervalMs, errorIntervalMs, jitter } = target.options;
  const idleMs = activeMs - target.idleSinceMs;
  const mostMs = Math.max(intervalMs, errorIntervalMs) * (1 + jitter) + slackMs;
  violations.expect('INV-63', idleMs <= mostMs, () => `${target.id} has not been asked for ${idleMs} ms`);
}
