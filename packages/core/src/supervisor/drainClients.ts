import { spreadMsOf } from '../drain/goawaySchedule.ts';
import type { DrainReport } from '../model/drainReport.ts';
import type { GoawayNotice } from '../model/notice.ts';
import type { NotifierActor } from '../notifier/notifierMachine.ts';
import { drawSafely } from '../runtime/random.ts';
import type { Actors } from './children.ts';
import { type Client, now, type SupervisorContext } from './supervisorContext.ts';

/** Gives every client its turn to be told to go. */
export function planDismissal(context: SupervisorContext): void {
  const { actors, dismissal, drain, drainStartedAt, publish } = context;
  const clients = clientsOf(actors);
  const at = now(context);
  const spreadMs = spreadMsOf(drain, clients.length, at - drainStartedAt);
  dismissal.begin(clients, at, spreadMs);
  if (drain.goawaysPerSecond === 0) return;
  const askedMs = (clients.length * 1_000) / drain.goawaysPerSecond;
  publish({ type: 'drain.spread', clients: clients.length, spreadMs, raised: spreadMs < askedMs });
}

/** Tells every client whose turn has come: each notifier delivers the goaway, each session sends it once (INV-25). */
export function dismissDue(context: SupervisorContext): void {
  const { dismissal, publish } = context;
  for (const { session, notifiers } of dismissal.take(now(context))) {
    const notice = goawayFor(context);
    for (const notifier of notifiers) {
      const snapshot = notifier.getSnapshot();
      if (snapshot.status !== 'active') continue;
      publish({ type: 'client.dismissed', kind: 'notifier', id: snapshot.context.id, notice });
      notifier.send({ type: 'goaway', notice });
    }
    const snapshot = session?.getSnapshot();
    if (session === undefined || snapshot?.status !== 'active') continue;
    publish({ type: 'client.dismissed', kind: 'session', id: snapshot.context.id, notice });
    session.send({ type: 'drain', notice });
  }
}

/** What a client is told that comes when the others are being told to go; the grace it has ends with the last of theirs. */
export function lateGoawayOf(context: SupervisorContext): GoawayNotice | undefined {
  const { goaway, dismissal } = context;
  if (goaway === undefined) return undefined;
  const at = now(context);
  const leftMs = (dismissal.endedAt ?? at) + goaway.graceMs - at;
  return { ...goawayFor(context), graceMs: Math.max(0, Math.min(goaway.graceMs, leftMs)) };
}

/** Ends every client that is left. */
export function closeClients({ actors, closeReason }: SupervisorContext): void {
  for (const { actor } of actors.notifiers) actor.send({ type: 'close', reason: closeReason });
  for (const { actor } of actors.sessions) actor.send({ type: 'force', reason: closeReason });
}

/** What one client is told. All are told the same, in one object, unless each has its own time. */
function goawayFor({ goaway, drain, runtime }: SupervisorContext): GoawayNotice {
  // Only called after it was written.
  const written = goaway as GoawayNotice;
  const { goawaysPerSecond, reconnectSpreadMs } = drain;
  if (goawaysPerSecond === 0 && reconnectSpreadMs === 0) return written;
  const notice = { ...written, at: runtime.clock.now() };
  if (reconnectSpreadMs === 0) return notice;
  return { ...notice, reconnectAfterMs: Math.round(drawSafely(runtime.random) * reconnectSpreadMs) };
}

function clientsOf({ sessions, notifiers }: Actors): readonly Client[] {
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

/** What everybody is told when the supervisor drains, with the time they have left. */
export function goawayOf({ drain, runtime }: SupervisorContext, graceMs: number): GoawayNotice {
  const notice: GoawayNotice = { type: 'goaway', reason: 'draining', graceMs, at: runtime.clock.now() };
  return drain.uri === undefined ? notice : { ...notice, uri: drain.uri };
}

/** The report of a drain that ends now. */
export function reportOf(context: SupervisorContext): DrainReport {
  const { tally, withdrawing, drainStartedAt, outcome } = context;
  const unfinished = withdrawing ? ['withdraw', ...tally.unfinished] : tally.unfinished;
  // The wall clock may be set back once no timer is armed any more.
  return { ...tally, unfinished, durationMs: Math.max(0, now(context) - drainStartedAt), reason: outcome };
}
