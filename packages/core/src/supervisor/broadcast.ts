import type { AnyActorRef, DoneActorEvent, ErrorActorEvent } from 'xstate';
import type { Composition } from '../aggregate/composition.ts';
import type { MonitorEvent } from '../events/events.ts';
import type { Health } from '../model/health.ts';
import type { NoticeDraft } from '../model/notice.ts';
import { openTurnstile } from '../monitor/checkLimiter.ts';
import type { MonitorSnapshot } from '../monitor/monitorSnapshot.ts';
import { Courier } from '../notifier/deliveryPort.ts';
import { ConnectionPort } from '../session/connectionPort.ts';
import type { MonitorChild } from './children.ts';
import { lateGoawayOf } from './drainClients.ts';
import { judgeComposites, ripple, tellRootCause } from './propagateHealth.ts';
import type { SupervisorCommand, SupervisorContext, SupervisorMessage } from './supervisorContext.ts';

type Command<TType extends SupervisorCommand['type']> = Extract<SupervisorCommand, { type: TType }>;
type HealthDraft = Extract<NoticeDraft, { type: 'health' }>;
type Fact<TType extends MonitorEvent['type']> = Extract<MonitorEvent, { type: TType }>;

/** The supervisor itself, as one that can be told. */
interface Self {
  send(event: SupervisorMessage): void;
}

/** Makes a monitor and shows it; the chart decides when it starts. */
export function addMonitor(
  context: SupervisorContext,
  { id, probe, options, composition }: Command<'watch'>,
  self: AnyActorRef,
): void {
  const { actors, ground, runtime } = context;
  // Judging members asks nobody, so it waits for no turn.
  const turnstile = composition === undefined ? context.turnstile : openTurnstile();
  const recalled = context.recollection.take(id, runtime.clock.now());
  const memory = recalled?.kind === 'fresh' ? memoryFor(recalled.memory, composition) : undefined;
  const { rootCauseOf } = ground;
  const input = { id, probe, options, epoch: 1, runtime, turnstile, rootCauseOf, memory, listener: self };
  actors.monitors.add(id, input, self);
  // One of this id that was given up has left behind what it rested on.
  ground.remove(id);
  if (composition !== undefined) ground.composites.enter(id, composition);
  ground.dependencies.enter(id, options.dependsOn);
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
  const courier = new Courier(deliver, runtime.runQueue, convergence);
  const goaway = lateGoawayOf(context);
  const outbox = goaway === undefined ? board.latestOf(withdrawn ? withWhole(options.topics) : options.topics) : [];
  convergence.join(outbox);
  actors.addNotifier({ id: key, courier, options, outbox, goaway, listener: self }, self).start();
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

/** Tells all whom a notice concerns. Each keeps its own pace: the slowest costs the others nothing (INV-1). */
export function broadcast(context: SupervisorContext, draft: NoticeDraft): void {
  const { board, actors, runtime, publish } = context;
  if (draft.type === 'health') {
    tell(context, draft, actors.couriersOf(draft.topic));
    return;
  }
  const notice = board.dismiss(draft, runtime.clock.now());
  publish({ type: 'notice.broadcast', notice, notifiers: actors.notifiers.size });
  for (const { actor } of actors.notifiers) actor.send({ type: 'goaway', notice });
}

/** Enters a monitor's health and tells everybody of it. After the goaway nobody is told anything (INV-5). */
export function enterHealth(context: SupervisorContext, fact: Fact<'health.changed' | 'monitor.updated'>): void {
  const { ledger } = context;
  if (fact.type === 'monitor.updated') {
    tellOfWhole(context, () => ledger.require(fact.id, fact.required));
    enterDependencies(context, fact.id);
    return;
  }
  tellHealth(context, fact.id, fact.to, fact.detail, fact.required);
}

/** Enters how much of its load a target takes; composites that rest on it judge again when that changed. */
export function enterWeight(context: SupervisorContext, { id, verdict }: Fact<'verdict.judged'>): void {
  if (context.ledger.weigh(id, verdict.weight ?? 1)) judgeComposites(context, id);
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

function enterDependencies(context: SupervisorContext, id: string): void {
  const { actors, ground } = context;
  const child = actors.monitors.get(id);
  if (child === undefined) return;
  ground.dependencies.enter(id, actors.optionsOf(child).dependsOn);
  for (const each of [id, ...ground.dependencies.allAbove(id)]) tellRootCause(context, each);
}

function tellHealth(
  context: SupervisorContext,
  topic: string,
  health: Health,
  detail: string | undefined,
  required: boolean,
): void {
  if (context.goaway === undefined && context.ledger.healthOf(topic) !== health) {
    broadcast(context, { type: 'health', topic, health, ...(detail === undefined ? {} : { detail }) });
  }
  tellOfWhole(context, () => context.ledger.enter(topic, health, required));
  ripple(context, topic);
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
  const draft = { type: 'health', topic: '', health: 'stopped', detail: 'draining' } as const;
  tell(context, draft, context.actors.allCouriers());
}

/** Takes note that an actor ended, lets go of all that refers to it (INV-39), and says so to everybody and to `self`. */
export function settle(context: SupervisorContext, event: DoneActorEvent<unknown> | ErrorActorEvent, self: Self): void {
  const ended = context.actors.settle(event);
  if (ended === undefined) return;
  const { kind, child, end } = ended;
  const { id } = child;
  if ('error' in end) context.publish({ type: 'actor.failed', kind, id, cause: end.error });
  if (kind === 'monitor' && ended.fate !== 'forgotten') {
    context.turnstile.leave(id);
    amendMonitor(context, child);
    const { required } = context.actors.optionsOf(child);
    tellHealth(context, id, 'error', 'the monitor crashed', required);
    if (ended.fate === 'escalated') self.send({ type: 'escalated', id, restarts: ended.restarts });
    else context.publish({ type: 'actor.restarting', id, delayMs: ended.delayMs, attempt: ended.attempt });
    return;
  }
  if (kind === 'session') context.admission.give(child.actor.getSnapshot().context.peer);
  if (kind === 'monitor') forgetMonitor(context, id);
  const output = 'output' in end ? end.output : ({ reason: 'failed' } as const);
  self.send({ type: 'actor.ended', kind, id, ...output });
}

/** Ends every monitor, those too that wait to be started again. */
export function stopMonitors(context: SupervisorContext, self: Self): void {
  for (const child of [...context.actors.monitors]) stopMonitor(context, child, self);
}

/** Ends one monitor, also one that has not begun, or waits to begin again. */
export function stopMonitor(context: SupervisorContext, child: MonitorChild, self: Self): void {
  const { monitors } = context.actors;
  const { id, actor, restartTimer } = child;
  if (restartTimer !== undefined) {
    monitors.forget(child);
    forgetMonitor(context, id);
    self.send({ type: 'actor.ended', kind: 'monitor', id, reason: 'stopped' });
  } else if (actor.getSnapshot().status === 'active') {
    monitors.retire(child);
    actor.send({ type: 'stop' });
    // One that has not begun takes messages once it does, this one before it could ask its probe.
    actor.start();
  }
}

/** Lets go of all that is kept by the id of a monitor. */
function forgetMonitor(context: SupervisorContext, id: string): void {
  context.turnstile.leave(id);
  tellOfWhole(context, () => context.ledger.remove(id));
  context.board.remove(id);
  context.ground.remove(id);
  ripple(context, id);
}

function tell(context: SupervisorContext, draft: HealthDraft, couriers: readonly Courier[]): void {
  const notice = context.board.publish(draft, context.runtime.clock.now());
  context.publish({ type: 'notice.broadcast', notice, notifiers: couriers.length });
  context.convergence.begin(notice, couriers.length);
  const event = { type: 'notice', notice } as const;
  for (const courier of couriers) courier.bring(event);
}

/** `topics` and the whole; all is all. */
function withWhole(topics: readonly string[] | undefined): Iterable<string> | undefined {
  return topics === undefined ? undefined : new Set(['', ...topics]);
}
