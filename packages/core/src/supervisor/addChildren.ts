import type { AnyActorRef } from 'xstate';
import type { Composition } from '../aggregate/composition.ts';
import { unlimitedChecks } from '../monitor/checkLimiter.ts';
import type { MonitorChild } from '../monitor/monitorMachine.ts';
import type { MonitorSnapshot } from '../monitor/monitorSnapshot.ts';
import { DeliveryPort } from '../notifier/deliveryPort.ts';
import { ConnectionPort } from '../session/connectionPort.ts';
import { lateGoawayOf } from './drainClients.ts';
import { enterDependencies, enterHealth, tellHealth, tellRootCause } from './propagateHealth.ts';
import type { SupervisorCommand, SupervisorContext } from './supervisorContext.ts';

type Command<TType extends SupervisorCommand['type']> = Extract<SupervisorCommand, { type: TType }>;

/** Makes a monitor and shows it; the chart decides when it starts. */
export function addMonitor(
  context: SupervisorContext,
  { id, probe, options, composition }: Command<'watch'>,
  self: AnyActorRef,
): void {
  const { actors, ground, runtime } = context;
  // Judging members sends nothing, so it waits for no permit.
  const limiter = composition === undefined ? context.limiter : unlimitedChecks();
  const recalled = context.recollection.take(id, runtime.clock.now());
  const restored = recalled?.kind === 'fresh' ? memoryFor(recalled.memory, composition) : undefined;
  const { rootCauseOf } = ground;
  const input = { id, probe, options, epoch: 1, runtime, limiter, rootCauseOf, restored, listener: self };
  actors.monitors.add(id, input, self);
  // One of this id that was given up has left behind what it rested on.
  ground.remove(id);
  if (composition !== undefined) ground.composites.set(id, composition);
  ground.dependencies.setDependencies(id, options.dependsOn);
  tellHealth(context, id, 'starting', undefined, options.required);
  context.publish({ type: 'actor.started', kind: 'monitor', id });
  if (recalled !== undefined) {
    const { kind, ageMs } = recalled;
    context.publish({ type: kind === 'fresh' ? 'monitor.resumed' : 'monitor.expired', id, ageMs });
  }
  tellRootCause(context, id);
}

/** A composite is judged when a member changes, and at once in a new program, whatever was due in the old one. */
function memoryFor(memory: MonitorSnapshot, composition: Composition | undefined): MonitorSnapshot {
  if (composition === undefined) return memory;
  const { dueAt: _dueAt, ...rest } = memory;
  return rest;
}

/** Makes a notifier that first tells the present state, in the place of any other with its key (INV-6, INV-8). */
export function addNotifier(
  context: SupervisorContext,
  { key, deliver, options }: Command<'notify'>,
  self: AnyActorRef,
): void {
  const { actors, board, withdrawn, runtime, convergence, publish } = context;
  actors.notifiers.get(key)?.actor.send({ type: 'close', reason: 'replaced' });
  const delivery = new DeliveryPort(deliver, runtime.runQueue, convergence);
  const goaway = lateGoawayOf(context);
  const outbox = goaway === undefined ? board.latestOf(withdrawn ? withWhole(options.topics) : options.topics) : [];
  convergence.join(outbox);
  actors.addNotifier({ id: key, delivery, options, outbox, goaway, listener: self }, self).start();
  publish({ type: 'actor.started', kind: 'notifier', id: key });
}

/** Makes a notifier for a client that comes when all others were forced: it is told to go, in no more time than a close has. */
export function addLateNotifier(context: SupervisorContext, command: Command<'notify'>, self: AnyActorRef): void {
  const evictAfterMs = Math.min(command.options.evictAfterMs, context.options.closeTimeoutMs);
  addNotifier(context, { ...command, options: { ...command.options, evictAfterMs } }, self);
}

/** Makes a session. One that comes after the others were told to go is told at once, with what is left of the grace. */
export function addSession(
  context: SupervisorContext,
  { id, peer, connection }: Command<'open'>,
  self: AnyActorRef,
): void {
  const { actors, runtime, options, publish } = context;
  const port = new ConnectionPort(connection, runtime.runQueue);
  const input = { id, peer, connection: port, terms: options, listener: self };
  const session = actors.sessions.add(id, input, self).actor.start();
  publish({ type: 'actor.started', kind: 'session', id });
  const notice = lateGoawayOf(context);
  if (notice !== undefined) session.send({ type: 'drain', notice });
}

/**
 * Enters what a monitor that crashed has not taken yet, and will begin again with. One that has not begun says all of it
 * by itself when it does, but for what it rests on: until then two could close a circle unseen.
 */
export function amendMonitor(context: SupervisorContext, child: MonitorChild): void {
  const { options, epoch } = child.actor.getSnapshot().context;
  const amended = context.actors.optionsOf(child);
  if (amended === options) return;
  if (child.restartTimer === undefined) {
    enterDependencies(context, child.id);
    return;
  }
  const { required } = amended;
  const fact = { type: 'monitor.updated', id: child.id, epoch: epoch + 1, required } as const;
  context.publish(fact);
  enterHealth(context, fact);
}

/** `topics` and the whole; all is all. */
function withWhole(topics: readonly string[] | undefined): Iterable<string> | undefined {
  return topics === undefined ? undefined : new Set(['', ...topics]);
}
