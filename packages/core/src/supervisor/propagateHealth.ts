import { isDown } from '../aggregate/rootCause.ts';
import type { MonitorEvent } from '../events/events.ts';
import type { Health } from '../model/health.ts';
import type { Plane } from '../model/plane.ts';
import { broadcast } from './broadcast.ts';
import type { SupervisorContext } from './supervisorContext.ts';

type Event<TType extends MonitorEvent['type']> = Extract<MonitorEvent, { type: TType }>;

/** Propagates the health of one monitor, which has changed or is gone, to composites and dependants. */
export function propagate(context: SupervisorContext, id: string): void {
  recheckComposites(context, id);
  checkDependencies(context, id);
  tellServices(context, id);
  publishRootCauses(context, id);
}

/** Tells every service above that something it depends on has changed. */
function tellServices({ children, graph }: SupervisorContext, id: string): void {
  if (children.services.size === 0) return;
  for (const above of graph.dependencies.allDependentsOf(id)) {
    children.services.get(above)?.actor.send({ type: 'dependencies.changed' });
  }
}

/** Judges the composites of a member again; one of which nothing is known any more begins anew, at `starting` (INV-72). */
export function recheckComposites(context: SupervisorContext, id: string): void {
  recheck(context, context.graph.composites.of(id));
}

function recheck({ children, graph: { composites }, healthIndex }: SupervisorContext, ids: readonly string[]): void {
  for (const above of ids) {
    const actor = children.monitors.get(above)?.actor;
    if (actor === undefined) continue;
    // A check under way may have seen members that are known no more: its verdict is dropped.
    const mayBeJudged =
      healthIndex.healthOf(above) !== 'starting' ||
      actor.getSnapshot().matches({ watching: { cadence: { checking: 'probing' } } });
    actor.send({ type: composites.isUnknown(above) && mayBeJudged ? 'members.unknown' : 'check' });
  }
}

/** Checks what a monitor that is down depends on, so that the root cause is found sooner. */
function checkDependencies({ children, graph, healthIndex }: SupervisorContext, id: string): void {
  if (!isDown(healthIndex.countedOf(id))) return;
  for (const below of graph.dependencies.dependenciesOf(id)) {
    if (!isDown(healthIndex.countedOf(below))) children.monitors.get(below)?.actor.send({ type: 'check' });
  }
}

function publishRootCauses(context: SupervisorContext, id: string): void {
  for (const above of context.graph.dependencies.allDependentsOf(id)) publishRootCause(context, above);
}

/** Publishes a change of the root cause of a monitor. */
export function publishRootCause({ graph, publish, children }: SupervisorContext, id: string): void {
  const news = graph.changedRootCause(id);
  if (news === undefined) return;
  const { rootCause } = news;
  const who = children.services.get(id) === undefined ? { id } : ({ id, kind: 'service' } as const);
  publish(
    rootCause === undefined ? { type: 'dependency.restored', ...who } : { type: 'dependency.lost', ...who, rootCause },
  );
}

/** Applies a change of health or of `requiredFor`, and tells every client. After the goaway no client is told (INV-5). */
export function propagateHealth(context: SupervisorContext, event: Event<'health.changed' | 'monitor.updated'>): void {
  const { healthIndex } = context;
  if (event.type === 'monitor.updated') {
    const { id, requiredFor, assumed } = event;
    changeIndex(context, () => healthIndex.setRequiredFor(id, requiredFor));
    if (assumed !== undefined) {
      changeIndex(context, () => healthIndex.assume(id, assumed));
      propagate(context, id);
    }
    setDependencies(context, event.id);
    setTags(context, event.id);
    return;
  }
  // The first is what it began as.
  if (event.seq > 1) healthIndex.noteVerdict(event.id);
  setHealth(context, event.id, event.to, event.detail, event.requiredFor, event.assumed);
}

/** Applies the weight of a verdict; composites of the target are judged again when it changed. */
export function propagateWeight(context: SupervisorContext, { id, verdict }: Event<'verdict.judged'>): void {
  if (context.healthIndex.setWeight(id, verdict.weight ?? 1)) recheckComposites(context, id);
}

/** Gives a monitor the tags of its options; composites that follow one that it gained or lost are judged again. */
export function setTags(context: SupervisorContext, id: string): void {
  const child = context.children.monitors.get(id);
  if (child !== undefined) retag(context, id, context.children.optionsOf(child).tags);
}

export function retag(context: SupervisorContext, id: string, tags: readonly string[]): void {
  const { composites } = context.graph;
  const changed = composites.tags.set(id, tags);
  if (changed.length > 0) recheck(context, composites.followersOf(changed));
}

export function setDependencies(context: SupervisorContext, id: string): void {
  const { children, graph } = context;
  const child = children.monitors.get(id);
  if (child === undefined) return;
  graph.dependencies.setDependencies(id, children.optionsOf(child).dependsOn);
  for (const each of [id, ...graph.dependencies.allDependentsOf(id)]) publishRootCause(context, each);
}

export function setHealth(
  context: SupervisorContext,
  topic: string,
  health: Health,
  detail: string | undefined,
  requiredFor: readonly Plane[],
  assumed?: Health,
): void {
  if (context.goaway === undefined && context.healthIndex.healthOf(topic) !== health) {
    broadcast(context, { type: 'health', topic, health, ...(detail === undefined ? {} : { detail }) });
  }
  changeIndex(context, () => context.healthIndex.set(topic, health, requiredFor, assumed));
  propagate(context, topic);
}

/** Changes the health index, and tells every client of the whole when its health changed with it. */
export function changeIndex(context: SupervisorContext, change: () => void): void {
  const before = context.healthIndex.overall;
  change();
  const health = context.healthIndex.overall;
  if (health !== before && !context.withdrawn) broadcast(context, { type: 'health', topic: '', health });
}
