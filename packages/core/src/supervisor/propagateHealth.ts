import { isDown } from '../aggregate/rootCause.ts';
import type { SupervisorContext } from './supervisorContext.ts';

/** Lets the health of one monitor, which has changed or is gone, reach those that rest on it. */
export function ripple(context: SupervisorContext, id: string): void {
  judgeComposites(context, id);
  askDependencies(context, id);
  tellDependants(context, id);
}

/** A composite judges itself again; one of which nothing is known any more begins anew, at `starting` (INV-72). */
export function judgeComposites({ actors, ground: { composites }, ledger }: SupervisorContext, id: string): void {
  for (const above of composites.members.above(id)) {
    const actor = actors.monitors.get(above)?.actor;
    if (actor === undefined) continue;
    const begins = composites.isUnknown(above) && ledger.healthOf(above) !== 'starting';
    const { probe, options } = actor.getSnapshot().context;
    actor.send(begins ? { type: 'update', probe, options } : { type: 'check' });
  }
}

/** Where something is down, what it depends on is asked now, so that the root cause is found sooner. */
function askDependencies({ actors, ground, ledger }: SupervisorContext, id: string): void {
  if (!isDown(ledger.healthOf(id))) return;
  for (const below of ground.dependencies.below(id)) {
    if (!isDown(ledger.healthOf(below))) actors.monitors.get(below)?.actor.send({ type: 'check' });
  }
}

function tellDependants(context: SupervisorContext, id: string): void {
  for (const above of context.ground.dependencies.allAbove(id)) tellRootCause(context, above);
}

/** Says so when something lets a monitor down that did not before, or no longer does. */
export function tellRootCause({ ground, publish }: SupervisorContext, id: string): void {
  const news = ground.news(id);
  if (news === undefined) return;
  const { rootCause } = news;
  publish(rootCause === undefined ? { type: 'dependency.restored', id } : { type: 'dependency.lost', id, rootCause });
}
