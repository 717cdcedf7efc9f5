import { isDown } from '../aggregate/rootCause.ts';
import type { MonitorEvent } from '../events/events.ts';
import type { Health } from '../model/health.ts';
import { broadcast } from './broadcast.ts';
import type { SupervisorContext } from './supervisorContext.ts';

type Event<TType extends MonitorEvent['type']> = Extract<MonitorEvent, { type: TType }>;

/** Lets the health of one monitor, which has changed or is gone, reach those that rest on it. */
export function ripple(context: SupervisorContext, id: string): void {
  judgeComposites(context, id);
  askDependencies(context, id);
  tellDependants(context, id);
}

/** A composite judges itself again; one of which nothing is known any more begins anew, at `starting` (INV-72). */
export function judgeComposites({ actors, ground: { composites }, ledger }: SupervisorContext, id: string): void {
  for (const above of composites.members.dependentsOf(id)) {
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
  for (const below of ground.dependencies.dependenciesOf(id)) {
    if (!isDown(ledger.healthOf(below))) actors.monitors.get(below)?.actor.send({ type: 'check' });
  }
}

function tellDependants(context: SupervisorContext, id: string): void {
  for (const above of context.ground.dependencies.allDependentsOf(id)) tellRootCause(context, above);
}

/** Says so when something lets a monitor down that did not before, or no longer does. */
export function tellRootCause({ ground, publish }: SupervisorContext, id: string): void {
  const news = ground.changedRootCause(id);
  if (news === undefined) return;
  const { rootCause } = news;
  publish(rootCause === undefined ? { type: 'dependency.restored', id } : { type: 'dependency.lost', id, rootCause });
}

/** Enters a monitor's health and tells everybody of it. After the goaway nobody is told anything (INV-5). */
export function enterHealth(context: SupervisorContext, fact: Event<'health.changed' | 'monitor.updated'>): void {
  const { ledger } = context;
  if (fact.type === 'monitor.updated') {
    tellOfWhole(context, () => ledger.setRequired(fact.id, fact.required));
    enterDependencies(context, fact.id);
    return;
  }
  tellHealth(context, fact.id, fact.to, fact.detail, fact.required);
}

/** Enters how much of its load a target takes; composites that rest on it judge again when that changed. */
export function enterWeight(context: SupervisorContext, { id, verdict }: Event<'verdict.judged'>): void {
  if (context.ledger.setWeight(id, verdict.weight ?? 1)) judgeComposites(context, id);
}

export function enterDependencies(context: SupervisorContext, id: string): void {
  const { actors, ground } = context;
  const child = actors.monitors.get(id);
  if (child === undefined) return;
  ground.dependencies.setDependencies(id, actors.optionsOf(child).dependsOn);
  for (const each of [id, ...ground.dependencies.allDependentsOf(id)]) tellRootCause(context, each);
}

export function tellHealth(
  context: SupervisorContext,
  topic: string,
  health: Health,
  detail: string | undefined,
  required: boolean,
): void {
  if (context.goaway === undefined && context.ledger.healthOf(topic) !== health) {
    broadcast(context, { type: 'health', topic, health, ...(detail === undefined ? {} : { detail }) });
  }
  tellOfWhole(context, () => context.ledger.set(topic, health, required));
  ripple(context, topic);
}

/** Makes a change of the ledger, and tells everybody of the whole when its health changed with it. */
export function tellOfWhole(context: SupervisorContext, change: () => void): void {
  const before = context.ledger.overall;
  change();
  const health = context.ledger.overall;
  if (health !== before && !context.withdrawn) broadcast(context, { type: 'health', topic: '', health });
}
