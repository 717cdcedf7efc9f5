import type { AnyActorRef, DoneActorEvent, ErrorActorEvent } from 'xstate';
import { ConnectionPort } from './connectionPort.ts';
import { Courier } from './courier.ts';
import type { MonitorEvent } from './events.ts';
import type { NoticeDraft } from './notice.ts';
import type { NotifierActor } from './registry.ts';
import type { CloseReason } from './report.ts';
import type { SupervisorCommand, SupervisorContext } from './supervisorContext.ts';

type Command<TType extends SupervisorCommand['type']> = Extract<SupervisorCommand, { type: TType }>;
type HealthDraft = Extract<NoticeDraft, { type: 'health' }>;
type Fact<TType extends MonitorEvent['type']> = Extract<MonitorEvent, { type: TType }>;

/** Makes a monitor and shows it; the chart decides when it starts. */
export function addMonitor(
  context: SupervisorContext,
  { id, probe, options }: Command<'watch'>,
  self: AnyActorRef,
): void {
  context.registry.addMonitor({ id, probe, options, runtime: context.runtime, listener: self }, self);
  tellOfWhole(context, () => context.ledger.enter(id, 'starting', options.required));
  context.publish({ type: 'actor.started', kind: 'monitor', id });
}

/** Makes a notifier that first tells the present state, in the place of any other with its key (INV-6, INV-8). */
export function addNotifier(
  context: SupervisorContext,
  { key, deliver, options }: Command<'notify'>,
  self: AnyActorRef,
): void {
  const { registry, board, goaway, withdrawn, runtime, publish } = context;
  registry.notifierOf(key)?.send({ type: 'close', reason: 'replaced' });
  const courier = new Courier(deliver, runtime.runQueue);
  const outbox = goaway === undefined ? board.latestOf(withdrawn ? withWhole(options.topics) : options.topics) : [];
  registry.addNotifier({ id: key, courier, options, outbox, goaway, listener: self }, self).start();
  publish({ type: 'actor.started', kind: 'notifier', id: key });
}

/** Makes a session. One that comes after the others were told to go is told at once, with what is left of the grace. */
export function addSession(
  context: SupervisorContext,
  { id, peer, connection }: Command<'open'>,
  self: AnyActorRef,
): void {
  const { registry, goaway, runtime, options, publish } = context;
  const port = new ConnectionPort(connection, runtime.runQueue);
  const session = registry.addSession(
    { id, peer, connection: port, closeTimeoutMs: options.closeTimeoutMs, listener: self },
    self,
  );
  session.start();
  publish({ type: 'actor.started', kind: 'session', id });
  if (goaway === undefined) return;
  const graceMs = Math.max(0, goaway.at + goaway.graceMs - runtime.clock.now());
  session.send({ type: 'drain', notice: { ...goaway, graceMs } });
}

/** Tells all whom a notice concerns. Each keeps its own pace: the slowest costs the others nothing (INV-1). */
export function broadcast(context: SupervisorContext, draft: NoticeDraft): void {
  const { board, registry, runtime, publish } = context;
  if (draft.type === 'health') {
    tell(context, draft, registry.audienceOf(draft.topic));
    return;
  }
  const notice = board.dismiss(draft, runtime.clock.now());
  publish({ type: 'notice.broadcast', notice, notifiers: registry.notifiers.size });
  for (const notifier of registry.notifiers.values()) notifier.send({ type: 'goaway', notice });
}

/** Enters a monitor's health and tells everybody of it. After the goaway nobody is told anything (INV-5). */
export function enterHealth(context: SupervisorContext, fact: Fact<'health.changed' | 'monitor.updated'>): void {
  const { ledger } = context;
  if (fact.type === 'monitor.updated') {
    tellOfWhole(context, () => ledger.require(fact.id, fact.required));
    return;
  }
  const { id: topic, to: health, detail } = fact;
  if (context.goaway === undefined) {
    broadcast(context, { type: 'health', topic, health, ...(detail === undefined ? {} : { detail }) });
  }
  tellOfWhole(context, () => ledger.enter(topic, health, fact.required));
}

/** Makes a change of the ledger, and tells everybody of the whole when its health changed with it. */
function tellOfWhole(context: SupervisorContext, change: () => void): void {
  const before = context.ledger.overall;
  change();
  const health = context.ledger.overall;
  if (health !== before && !context.withdrawn) broadcast(context, { type: 'health', topic: '', health });
}

/** Tells everybody, whatever topics they chose, that the whole is going: readiness is lost, what is open goes on. */
export function announceWithdrawal(context: SupervisorContext): void {
  tell(context, { type: 'health', topic: '', health: 'stopped', detail: 'draining' }, [
    ...context.registry.notifiers.values(),
  ]);
}

/** Lets go of an actor that ended, and of all that refers to it (INV-39). */
export function forget(
  context: SupervisorContext,
  event: DoneActorEvent<{ reason: CloseReason }> | ErrorActorEvent,
): void {
  const { registry, ledger, board, admission, publish } = context;
  const identity = registry.identify(event.actorId);
  if (identity === undefined) return;
  const { kind, id } = identity;
  if (kind === 'session') admission.give(registry.sessions.get(id)?.getSnapshot().context.peer);
  registry.remove(event.actorId);
  if (kind === 'monitor') {
    tellOfWhole(context, () => ledger.remove(id));
    board.remove(id);
  }
  if ('error' in event) publish({ type: 'actor.failed', kind, id, cause: event.error });
  else publish({ type: 'actor.ended', kind, id, reason: event.output.reason });
}

/** Ends every monitor. One that never started is started first: only a started actor takes messages. */
export function stopMonitors({ registry }: SupervisorContext): void {
  for (const monitor of registry.monitors.values()) monitor.start().send({ type: 'stop' });
}

/** Tells every client to go: each notifier delivers the goaway, each session sends it once (INV-25). */
export function dismissClients({ registry, goaway }: SupervisorContext): void {
  if (goaway === undefined) return;
  for (const notifier of registry.notifiers.values()) notifier.send({ type: 'goaway', notice: goaway });
  for (const session of registry.sessions.values()) session.send({ type: 'drain', notice: goaway });
}

/** Ends every client that is left. */
export function closeClients({ registry, closeReason }: SupervisorContext): void {
  for (const notifier of registry.notifiers.values()) notifier.send({ type: 'close', reason: closeReason });
  for (const session of registry.sessions.values()) session.send({ type: 'force', reason: closeReason });
}

function tell(context: SupervisorContext, draft: HealthDraft, notifiers: readonly NotifierActor[]): void {
  const notice = context.board.publish(draft, context.runtime.clock.now());
  context.publish({ type: 'notice.broadcast', notice, notifiers: notifiers.length });
  const event = { type: 'notice', notice } as const;
  for (const notifier of notifiers) notifier.send(event);
}

/** `topics` and the whole; all is all. */
function withWhole(topics: readonly string[] | undefined): Iterable<string> | undefined {
  return topics === undefined ? undefined : new Set(['', ...topics]);
}
