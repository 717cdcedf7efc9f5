import type { SupervisorContext } from './supervisorContext.ts';

/**
 * Lets the health of one monitor, which has changed or is gone, reach those that rest on it.
 *
 * A composite judges itself again; one of which nothing is known any more begins anew, at `starting` (INV-72).
 */
export function ripple({ actors, composites, ledger }: SupervisorContext, id: string): void {
  for (const above of composites.members.above(id)) {
    const actor = actors.monitors.get(above)?.actor;
    if (actor === undefined) continue;
    const begins = composites.isUnknown(above) && ledger.healthOf(above) !== 'starting';
    const { probe, options } = actor.getSnapshot().context;
    actor.send(begins ? { type: 'update', probe, options } : { type: 'check' });
  }
}
