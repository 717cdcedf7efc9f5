import type { AnyActorRef } from 'xstate';
import type { ServiceEvent } from '../events/events.ts';
import type { StartReport } from '../model/startReport.ts';
import { drawSafely } from '../runtime/random.ts';
import { afterRun } from '../service/afterRun.ts';
import { RunPort } from '../service/runPort.ts';
import type { ServiceChild } from '../service/serviceMachine.ts';
import type { StopPlan } from '../service/stopPlan.ts';
import { changeIndex, propagate, publishRootCause, retag, setHealth } from './propagateHealth.ts';
import { now, type SupervisorCommand, type SupervisorContext, type SupervisorMessage } from './supervisorContext.ts';

type Command<TType extends SupervisorCommand['type']> = Extract<SupervisorCommand, { type: TType }>;
type Event<TType extends ServiceEvent['type']> = Extract<ServiceEvent, { type: TType }>;

/** Adds a service. The machine decides when it begins. */
export function addService(
  context: SupervisorContext,
  { id, run, options }: Command<'serve'>,
  self: AnyActorRef,
): void {
  const { children, graph, runtime, serviceTable } = context;
  const { stallToleranceMs } = context.options.monitor;
  // One of this id that has failed is still known as such.
  if (serviceTable.get(id) !== undefined) forgetService(context, id);
  const input = {
    id,
    port: new RunPort(id, run, runtime, () => serviceTable.isClosed),
    options,
    runtime,
    relations: { mayBegin: serviceTable.mayBegin, rootCauseOf: graph.rootCauseOf },
    stallToleranceMs,
    listener: self,
  };
  const child = children.services.add(id, input, self);
  graph.dependencies.setDependencies(id, options.dependsOn);
  serviceTable.add(child, options);
  child.actor.start();
  retag(context, id, options.tags);
  setHealth(context, id, 'starting', undefined, options.requiredFor);
  context.publish({ type: 'actor.started', kind: 'service', id });
  publishRootCause(context, id);
}

/** Lets every service begin that waits for nothing. */
export function beginServices({ serviceTable }: SupervisorContext): void {
  for (const { child } of serviceTable.live) child.actor.send({ type: 'begin' });
}

/** Notes a state of a service: what depends on it may begin, or what it depends on may stop. */
export function noteServiceState(context: SupervisorContext, { id, state }: Event<'service.entered'>): void {
  const { serviceTable } = context;
  const entry = serviceTable.get(id);
  if (entry === undefined) return;
  if (state === 'starting') entry.noteBegun(now(context));
  if (state === 'running') serviceTable.noteReady(id);
  if (state === 'quiescing') advanceStop(context);
}

/** Decides what follows an ended run, and tells the service. */
export function decideAfterRun(context: SupervisorContext, event: Event<'run.ended'>, self: AnyActorRef): void {
  const { serviceTable, runtime, publish } = context;
  const entry = serviceTable.get(event.id);
  // While it stops for good nothing follows.
  if (entry === undefined || !entry.child.actor.getSnapshot().matches('ended')) return;
  const { actor } = entry.child;
  const at = now(context);
  entry.noteEnded(at);
  if (serviceTable.isPlanned(event.id)) {
    actor.send({ type: 'stop', reason: 'stop' });
    return;
  }
  if (serviceTable.isClosed) {
    actor.send({ type: event.how === 'done' ? 'let.go' : 'give.up' });
    return;
  }
  const { id, how, cause } = event;
  const after = afterRun(entry, { how, cause, now: at, draw: drawSafely(runtime.random) });
  switch (after.next) {
    case 'retry':
      actor.send({ type: 'retry', delayMs: after.delayMs });
      publish({ type: 'service.restarting', id, delayMs: after.delayMs, attempt: after.attempt });
      return;
    case 'escalate':
      actor.send({ type: 'give.up' });
      self.send({ type: 'escalated', kind: 'service', id, restarts: after.restarts } satisfies SupervisorMessage);
      return;
    default:
      actor.send({ type: after.next });
  }
}

/** Removes a service that has ended for good; one that has failed stays known, as `error`. */
export function serviceEnded(context: SupervisorContext, { id, actor }: ServiceChild): void {
  const { serviceTable } = context;
  const { output, context: last } = actor.getSnapshot();
  const reason = output?.reason ?? 'failed';
  serviceTable.noteDown(id);
  if (reason === 'failed' && !serviceTable.isClosed) {
    setHealth(context, id, 'error', output?.detail, last.options.requiredFor);
  } else {
    forgetService(context, id);
    if (reason === 'done') serviceTable.noteDone(id);
    propagate(context, id);
  }
  advanceStop(context);
}

/** Tells every service that a drain has begun. */
export function quiesceServices({ serviceTable }: SupervisorContext): void {
  for (const { child } of serviceTable.live) child.actor.send({ type: 'quiesce' });
}

/** Stops every service, each once nothing rests on it any more (INV-83). */
export function stopServices(context: SupervisorContext): void {
  const { serviceTable } = context;
  serviceTable.plan(serviceTable.live.map(({ id }) => id));
  advanceStop(context);
}

/** Stops every service at once, the last started first, and gives each this time, in milliseconds. */
export function stopServicesWithin({ serviceTable }: SupervisorContext, withinMs: number): void {
  for (const { child } of [...serviceTable.live].reverse()) child.actor.send({ type: 'stop.within', withinMs });
}

/** Stops a service for good, those that rest on it first. One that has failed is only forgotten. */
export function stopService(context: SupervisorContext, { id }: Command<'unserve'>): void {
  const { serviceTable } = context;
  const entry = serviceTable.get(id);
  if (entry === undefined) return;
  if (entry.child.actor.getSnapshot().status !== 'active') {
    forgetService(context, id);
    propagate(context, id);
    return;
  }
  serviceTable.plan(serviceTable.restingOn(id));
  advanceStop(context);
}

/** Ends the present run of a service for another; one that backs off begins its next run now. */
export function restartService({ serviceTable }: SupervisorContext, { id }: Command<'rerun'>): void {
  const actor = serviceTable.get(id)?.child.actor;
  if (actor === undefined || serviceTable.isPlanned(id)) return;
  actor.send(actor.getSnapshot().matches('backingOff') ? { type: 'begin' } : { type: 'cycle', reason: 'restart' });
}

/** Tells those to stop that nothing rests on any more, and that have nothing left to finish. */
export function advanceStop(context: SupervisorContext): void {
  for (const plan of context.serviceTable.plans) advance(context, plan);
}

function advance({ serviceTable }: SupervisorContext, plan: StopPlan): void {
  const ready = plan.take((id) => {
    const snapshot = serviceTable.get(id)?.child.actor.getSnapshot();
    return snapshot !== undefined && !snapshot.matches({ up: { quiescing: 'finishing' } });
  });
  for (const id of ready)
    serviceTable.get(id)?.child.actor.send({ type: 'stop', reason: serviceTable.isClosed ? 'drain' : 'stop' });
}

/** Removes all that is kept by the id of a service. */
function forgetService(context: SupervisorContext, id: string): void {
  context.serviceTable.forget(id);
  retag(context, id, []);
  changeIndex(context, () => context.healthIndex.remove(id));
  context.retainedNotices.remove(id);
  context.graph.remove(id);
}

/** Tells how the start went, once. */
export function reportStart(context: SupervisorContext, reason: StartReport['reason']): void {
  const { healthIndex, serviceTable, startedAt } = context;
  const waiting = [...new Set([...healthIndex.unjudged, ...serviceTable.unready])];
  const report = { reason, waiting, tookMs: startedAt === 0 ? 0 : Math.max(0, now(context) - startedAt) };
  context.reportStart(report);
  context.publish({ type: 'start.ended', report });
}
