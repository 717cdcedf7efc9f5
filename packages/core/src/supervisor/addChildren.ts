import type { AnyActorRef } from 'xstate';
import type { ResolvedComposition } from '../aggregate/composition.ts';
import type { GoawayNotice } from '../model/notice.ts';
import { unlimitedChecks } from '../monitor/checkLimiter.ts';
import type { MonitorChild } from '../monitor/monitorMachine.ts';
import type { MonitorSnapshot } from '../monitor/monitorSnapshot.ts';
import { DeliveryPort } from '../notifier/deliveryPort.ts';
import { ConnectionPort } from '../session/connectionPort.ts';
import type { Children } from './children.ts';
import { lateGoawayOf } from './drainClients.ts';
import { propagateHealth, publishRootCause, retag, setDependencies, setHealth, setTags } from './propagateHealth.ts';
import type { SupervisorCommand, SupervisorContext } from './supervisorContext.ts';

type Command<TType extends SupervisorCommand['type']> = Extract<SupervisorCommand, { type: TType }>;

/** Adds a monitor. The machine decides when it starts. */
export function addMonitor(
  context: SupervisorContext,
  { id, probe, options, composition }: Command<'watch'>,
  self: AnyActorRef,
): void {
  const { children, graph, runtime } = context;
  // Judging members sends nothing, so it waits for no permit.
  const limiter = composition === undefined ? context.limiter : unlimitedChecks();
  const found = context.restoredMonitors.take(id, runtime.clock.now());
  const restored = found?.kind === 'fresh' ? snapshotFor(found.snapshot, composition) : undefined;
  const { rootCauseOf } = graph;
  const input = { id, probe, options, epoch: 1, runtime, limiter, rootCauseOf, restored, listener: self };
  children.monitors.add(id, input, self);
  // A monitor of this id that was given up has left its dependencies behind.
  graph.remove(id);
  if (composition !== undefined) graph.composites.set(id, composition);
  graph.dependencies.setDependencies(id, options.dependsOn);
  setHealth(context, id, 'starting', undefined, options.requiredFor);
  retag(context, id, options.tags);
  if (restored === undefined && options.initialHealth !== 'starting') context.healthIndex.awaitVerdict(id);
  context.publish({ type: 'actor.started', kind: 'monitor', id });
  if (found !== undefined) {
    const { kind, ageMs } = found;
    context.publish({ type: kind === 'fresh' ? 'monitor.resumed' : 'monitor.expired', id, ageMs });
  }
  publishRootCause(context, id);
}

/** Returns a snapshot without the next check, where it is of a composite: that is judged at once in a new program. */
function snapshotFor(snapshot: MonitorSnapshot, composition: ResolvedComposition | undefined): MonitorSnapshot {
  if (composition === undefined) return snapshot;
  const { dueAt: _dueAt, ...rest } = snapshot;
  return rest;
}

/** Adds a notifier that first delivers the present state. It replaces one with the same key (INV-6, INV-8). */
export function addNotifier(
  context: SupervisorContext,
  { key, deliver, options }: Command<'notify'>,
  self: AnyActorRef,
): void {
  const { children, retainedNotices, publish } = context;
  const goaway = lateGoawayOf(context) ?? goawayOfSession(children, options.session);
  // Before the old one leaves: where both ask for the same topics, their log stays.
  const fanout = retainedNotices.subscribersOf(goaway === undefined ? options : undefined);
  children.notifiers.get(key)?.actor.send({ type: 'close', reason: 'replaced' });
  const delivery = new DeliveryPort(deliver, fanout, options.batch);
  children.addNotifier({ id: key, delivery, options, goaway, listener: self }, self).start();
  publish({ type: 'actor.started', kind: 'notifier', id: key });
}

/** Returns the goaway that the session of a client was sent already. */
function goawayOfSession({ sessions }: Children, id: string | undefined): GoawayNotice | undefined {
  return id === undefined ? undefined : sessions.get(id)?.actor.getSnapshot().context.notice;
}

/** Adds a session. One that comes after the others were told to go is told at once, with what is left of the grace. */
export function addSession(
  context: SupervisorContext,
  { id, slot, connection }: Command<'open'>,
  self: AnyActorRef,
): void {
  const { children, runtime, options, publish } = context;
  const port = new ConnectionPort(connection, runtime.runQueue);
  const input = { id, slot, connection: port, settings: options, listener: self };
  const session = children.sessions.add(id, input, self).actor.start();
  publish({ type: 'actor.started', kind: 'session', id, reserved: slot.reserved ?? 'beforeDrain' });
  const notice = lateGoawayOf(context);
  if (notice !== undefined) session.send({ type: 'drain', notice });
  else if (slot.age !== undefined) session.send({ type: 'age.limit', limitMs: slot.age.limitMs });
}

/**
 * Applies an update that a crashed monitor will begin again with. One that has not begun publishes it by itself when it
 * does, but its dependencies are set now: until then two monitors could close a circle.
 */
export function amendMonitor(context: SupervisorContext, child: MonitorChild): void {
  const { options, epoch } = child.actor.getSnapshot().context;
  const amended = context.children.optionsOf(child);
  if (amended === options) return;
  if (!child.isRestarting) {
    setDependencies(context, child.id);
    setTags(context, child.id);
    return;
  }
  const { requiredFor } = amended;
  const event = { type: 'monitor.updated', id: child.id, epoch: epoch + 1, requiredFor } as const;
  context.publish(event);
  propagateHealth(context, event);
}
