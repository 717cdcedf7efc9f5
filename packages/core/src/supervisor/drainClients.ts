import { spreadMsOf } from '../drain/goawaySchedule.ts';
import type { DrainReport } from '../model/drainReport.ts';
import type { GoawayNotice } from '../model/notice.ts';
import type { NotifierActor } from '../notifier/notifierMachine.ts';
import { drawSafely } from '../runtime/random.ts';
import { maxAgeReason } from '../session/connectionAge.ts';
import type { SessionActor } from '../session/sessionMachine.ts';
import type { Children } from './children.ts';
import { type Client, drainedForMs, now, type SupervisorContext } from './supervisorContext.ts';

/** Makes the schedule by which every client is told to go. */
export function scheduleGoaways(context: SupervisorContext): void {
  const { children, goawaySchedule, drain, publish } = context;
  const clients = clientsOf(children);
  const at = now(context);
  const spreadMs = spreadMsOf(drain, clients.length, drainedForMs(context));
  goawaySchedule.begin(clients, at, spreadMs);
  if (drain.goawaysPerSecond === 0) return;
  const askedMs = (clients.length * 1_000) / drain.goawaysPerSecond;
  publish({ type: 'drain.spread', clients: clients.length, spreadMs, raised: spreadMs < askedMs });
}

/** Sends the goaways that are due: each notifier delivers its own, each session sends it once (INV-25). */
export function sendDueGoaways(context: SupervisorContext): void {
  const { goawaySchedule, publish } = context;
  for (const { session, notifiers } of goawaySchedule.take(now(context))) {
    const notice = goawayOfClient(context);
    for (const notifier of notifiers) tellNotifier(notifier, notice, publish);
    if (session !== undefined) tellSession(session, notice, publish);
  }
}

/** Tells a session that is as old as it may be to go, and the notifiers of its client with it. */
export function tellAged({ children, runtime, publish }: SupervisorContext, id: string): void {
  const session = children.sessions.get(id)?.actor;
  const age = session?.getSnapshot().context.slot.age;
  if (session === undefined || age === undefined) return;
  const notice: GoawayNotice = {
    type: 'goaway',
    reason: maxAgeReason,
    graceMs: age.graceMs,
    at: runtime.clock.now(),
  };
  for (const key of children.notifiersOf(id)) {
    const notifier = children.notifiers.get(key)?.actor;
    if (notifier !== undefined) tellNotifier(notifier, notice, publish);
  }
  tellSession(session, notice, publish);
}

type Publish = SupervisorContext['publish'];

/** Tells a notifier to hand its client the goaway, unless it is at that already. */
function tellNotifier(notifier: NotifierActor, notice: GoawayNotice, publish: Publish): void {
  const { status, context } = notifier.getSnapshot();
  if (status !== 'active' || context.goaway !== undefined) return;
  publish({ type: 'client.goaway', kind: 'notifier', id: context.id, notice });
  notifier.send({ type: 'goaway', notice });
}

/** Tells a session to go, unless it was told before. */
function tellSession(session: SessionActor, notice: GoawayNotice, publish: Publish): void {
  const { status, context } = session.getSnapshot();
  if (status !== 'active' || context.notice !== undefined) return;
  publish({ type: 'client.goaway', kind: 'session', id: context.id, notice });
  session.send({ type: 'drain', notice });
}

/** Returns the goaway of a client that comes after the others were told to go; its grace ends with the last of theirs. */
export function lateGoawayOf(context: SupervisorContext): GoawayNotice | undefined {
  const { goaway, goawaySchedule } = context;
  if (goaway === undefined) return undefined;
  const at = now(context);
  const leftMs = (goawaySchedule.endedAt ?? at) + goaway.graceMs - at;
  return { ...goawayOfClient(context), graceMs: Math.max(0, Math.min(goaway.graceMs, leftMs)) };
}

/** Closes every client that is left. */
export function closeClients({ children, closeReason }: SupervisorContext): void {
  for (const { actor } of children.notifiers) actor.send({ type: 'close', reason: closeReason });
  for (const { actor } of children.sessions) actor.send({ type: 'force', reason: closeReason });
}

/** Ends every client that is left, without waiting for anybody. */
export function abandonClients({ children, closeReason }: SupervisorContext): void {
  for (const { actor } of children.notifiers) actor.send({ type: 'close', reason: closeReason });
  for (const { actor } of children.sessions) actor.send({ type: 'abandon', reason: closeReason });
}

/** Returns the goaway of one client: one object for all, unless each has its own time. */
function goawayOfClient({ goaway, drain, runtime }: SupervisorContext): GoawayNotice {
  // Only called after it was written.
  const written = goaway as GoawayNotice;
  const { goawaysPerSecond, reconnectSpreadMs } = drain;
  if (goawaysPerSecond === 0 && reconnectSpreadMs === 0) return written;
  const notice = { ...written, at: runtime.clock.now() };
  if (reconnectSpreadMs === 0) return notice;
  return { ...notice, reconnectAfterMs: Math.round(drawSafely(runtime.random) * reconnectSpreadMs) };
}

function clientsOf({ sessions, notifiers }: Children): readonly Client[] {
  const alone: Client[] = [];
  const bySession = new Map<string, NotifierActor[]>();
  for (const { actor } of notifiers) {
    const { session } = actor.getSnapshot().context.options;
    if (session === undefined || sessions.get(session) === undefined) alone.push({ notifiers: [actor] });
    else bySession.set(session, [...(bySession.get(session) ?? []), actor]);
  }
  const admitted = Array.from(sessions, ({ id, actor }) => ({
    session: actor,
    notifiers: bySession.get(id) ?? nobody,
  }));
  return [...admitted, ...alone];
}

const nobody: readonly NotifierActor[] = [];

/** Returns the goaway notice of this drain. */
export function goawayOf({ drain, outcome, runtime }: SupervisorContext, graceMs: number): GoawayNotice {
  const reason = outcome === 'failed' ? 'failed' : 'draining';
  const notice: GoawayNotice = { type: 'goaway', reason, graceMs, at: runtime.clock.now() };
  return drain.uri === undefined ? notice : { ...notice, uri: drain.uri };
}

/** Returns the report of a drain that ends now. */
export function reportOf(context: SupervisorContext): DrainReport {
  const { tally, withdrawing, holds, outcome } = context;
  const unfinished = [...(withdrawing ? ['withdraw'] : []), ...holds.names, ...tally.unfinished];
  const durationMs = drainedForMs(context);
  return { ...tally, unfinished, ...context.drainedClients.report, durationMs, reason: outcome };
}
