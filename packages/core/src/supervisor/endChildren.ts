import type { DoneActorEvent, ErrorActorEvent } from 'xstate';
import type { MonitorChild } from '../monitor/monitorMachine.ts';
import { amendMonitor } from './addChildren.ts';
import type { EndedActor } from './children.ts';
import { noteNotifier, noteSession } from './drainedClient.ts';
import { changeIndex, propagate, retag, setHealth } from './propagateHealth.ts';
import { serviceEnded } from './services.ts';
import type { SupervisorContext, SupervisorMessage } from './supervisorContext.ts';

/** The supervisor's own actor. */
interface Self {
  send(event: SupervisorMessage): void;
}

/** Removes a child that ended and all that refers to it (INV-39), publishes that, and sends it to `self`. */
export function childEnded(
  context: SupervisorContext,
  event: DoneActorEvent<unknown> | ErrorActorEvent,
  self: Self,
): void {
  const ended = context.children.childEnded(event);
  if (ended === undefined) return;
  const { kind, child, end } = ended;
  const { id } = child;
  if ('error' in end) context.publish({ type: 'actor.failed', kind, id, cause: end.error });
  if (kind === 'monitor' && ended.fate !== 'forgotten' && ended.fate !== 'shutdown') {
    context.limiter.release(id);
    amendMonitor(context, child);
    const { requiredFor } = context.children.optionsOf(child);
    setHealth(context, id, 'error', 'the monitor crashed', requiredFor);
    if (ended.fate === 'escalated') {
      context.children.uncounted.monitor += 1;
      self.send({ type: 'escalated', kind: 'monitor', id, restarts: ended.restarts });
    }
    if (ended.fate === 'restarting')
      context.publish({ type: 'actor.restarting', id, delayMs: ended.delayMs, attempt: ended.attempt });
    return;
  }
  if (context.drainStartedAt !== undefined) {
    if (kind === 'session') noteSession(context, child.actor);
    if (kind === 'notifier') noteNotifier(context, child.actor);
  }
  if (kind === 'session') context.admission.give(child.actor.getSnapshot().context.slot);
  if (kind === 'monitor') forgetMonitor(context, id);
  if ('error' in end) closeAfterCrash(ended);
  context.children.uncounted[kind] += 1;
  if (kind === 'service') {
    self.send({ type: 'actor.ended', kind, id, ...('output' in end ? end.output : crashed) });
    // After its end: what depends on it may begin, and says so.
    serviceEnded(context, child);
    return;
  }
  self.send({ type: 'actor.ended', kind, id, ...('output' in end ? end.output : failed) });
}

const failed = { reason: 'failed' } as const;
const crashed = { reason: 'failed', forced: false, unfinished: true } as const;

/** Ends the client or the run of an actor that crashed, unless it was about to: nobody else would. */
function closeAfterCrash({ kind, child }: EndedActor): void {
  if (kind === 'service') child.actor.getSnapshot().context.port.stop('escalation');
  if (kind === 'notifier') {
    const { delivery } = child.actor.getSnapshot().context;
    delivery.stop();
    delivery.abandon();
  }
  if (kind !== 'session') return;
  const { connection } = child.actor.getSnapshot().context;
  if (!connection.isClosing) connection.close('failed', () => {});
}

/** Stops every monitor, also those that wait to be started again. */
export function stopMonitors(context: SupervisorContext, self: Self): void {
  for (const child of [...context.children.monitors]) stopMonitor(context, child, self);
}

/** Stops one monitor, also one that has not begun, or waits to begin again. */
export function stopMonitor(context: SupervisorContext, child: MonitorChild, self: Self): void {
  const { monitors } = context.children;
  const { id, actor, isRestarting } = child;
  if (isRestarting) {
    monitors.forget(child);
    forgetMonitor(context, id);
    context.children.uncounted.monitor += 1;
    self.send({ type: 'actor.ended', kind: 'monitor', id, reason: 'stopped' });
  } else if (actor.getSnapshot().status === 'active') {
    monitors.retire(child);
    actor.send({ type: 'stop' });
    // One that has not begun takes messages once it does, this one before it could ask its probe.
    actor.start();
  }
}

/** Removes all that is kept by the id of a monitor. */
function forgetMonitor(context: SupervisorContext, id: string): void {
  context.limiter.release(id);
  changeIndex(context, () => context.healthIndex.remove(id));
  context.retainedNotices.remove(id);
  context.graph.remove(id);
  propagate(context, id);
  retag(context, id, []);
}
