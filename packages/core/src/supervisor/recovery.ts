import type { ResolvedDrainOptions } from '../drain/drainOptions.ts';
import { withEnded } from '../drain/drainTally.ts';
import { abandonClients, reportOf } from './drainClients.ts';
import { nowOr, type SupervisorContext, type SupervisorMessage } from './supervisorContext.ts';

type Counts = Pick<SupervisorContext, 'monitors' | 'sessions' | 'notifiers' | 'tally' | 'outcome'>;

/**
 * Returns the counts as they are, after a transition that threw: what it did to the children stands, what it counted is
 * lost. Whoever was admitted stays in the report, exactly once.
 */
export function restoredCounts({ children, tally: before }: SupervisorContext, during: SupervisorMessage): Counts {
  const { uncounted } = children;
  const sessions = children.sessions.size + uncounted.session;
  const tally = during.type === 'actor.ended' ? withEnded(before, during) : before;
  const total = tally.sessions.early + tally.sessions.forced + sessions;
  const stragglers = tally.sessions.stragglers + Math.max(0, total - tally.sessions.total);
  return {
    monitors: children.monitors.size + uncounted.monitor,
    notifiers: children.notifiers.size + uncounted.notifier,
    sessions,
    tally: { ...tally, sessions: { ...tally.sessions, total, stragglers } },
    outcome: 'failed',
  };
}

/**
 * Ends the children of a supervisor whose own actor dies next, as it does only where not even its last attempt to end could
 * be processed. It hears of their ends no more, so all count as forced.
 */
export function endOrphans(context: SupervisorContext): void {
  const { admission, children, tally } = context;
  const sessions = children.sessions.size + children.uncounted.session;
  const notifiers = children.notifiers.size + children.uncounted.notifier;
  const forced = tally.sessions.forced + sessions;
  admission.close(0);
  for (const { actor } of children.monitors) actor.send({ type: 'stop' });
  abandonClients(context);
  for (const { actor } of children.sessions) {
    const { connection } = actor.getSnapshot().context;
    // Its actor may have crashed before.
    if (!connection.isClosing) connection.close('failed', () => {});
  }
  context.reportDeath({
    ...reportOf(context),
    sessions: { ...tally.sessions, forced, total: tally.sessions.early + forced },
    notifiers: { ...tally.notifiers, evicted: tally.notifiers.evicted + notifiers },
    reason: 'failed',
  });
}

/** Returns the options of a drain that begins once more, with what is left of its time. */
export function remainingDrain(context: SupervisorContext): ResolvedDrainOptions {
  const { drain, drainStartedAt } = context;
  const passedMs = Math.max(0, nowOr(drainStartedAt, context) - drainStartedAt);
  return { ...drain, deadlineMs: Math.max(1, drain.deadlineMs - passedMs) };
}

/** Returns the options of a drain that a message asks for, or asked for when its processing failed. */
export function optionsOfDrain(message: SupervisorMessage): ResolvedDrainOptions | undefined {
  if (message.type === 'drain') return message.options;
  return message.type === 'failure' && message.during.type === 'drain' ? message.during.options : undefined;
}
