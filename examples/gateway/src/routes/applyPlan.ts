import type { Supervisor } from '@watchkeeper/core';
import type { ReloadPlan } from './reloadPlan.ts';
import { routeProbe } from './routeProbe.ts';
import type { Watch } from './watch.ts';

/** The part of a supervisor that watches. */
export type RouteSupervisor = Pick<Supervisor, 'monitor' | 'composite' | 'monitorOf'>;

/** Begins to watch. */
export function startWatch(keeper: RouteSupervisor, watch: Watch): void {
  if (watch.kind === 'composite') keeper.composite(watch.id, watch.composition, watch.options);
  else keeper.monitor(watch.id, routeProbe(watch.question), watch.options);
}

/**
 * Carries out a plan that was rehearsed, in one go.
 *
 * Targets that rest on others than before let go first. What monitors rest on at any moment is then a part of what they
 * rest on in the end, and there is no circle in that.
 */
export function applyPlan(keeper: RouteSupervisor, { stop, start, update }: ReloadPlan): void {
  for (const { id } of update.filter(({ restsAnew }) => restsAnew)) keeper.monitorOf(id)?.update({ dependsOn: [] });
  for (const id of stop) keeper.monitorOf(id)?.stop();
  for (const watch of start) startWatch(keeper, watch);
  for (const { id, question, options, asksAnew } of update) {
    keeper.monitorOf(id)?.update({ ...options, ...(asksAnew ? { probe: routeProbe(question) } : {}) });
  }
}
