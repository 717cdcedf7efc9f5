import type { ResolvedDrainOptions } from '../drain/drainOptions.ts';
import { type DrainTally, withEnded } from '../drain/drainTally.ts';
import { abandonClients, reportOf } from './drainClients.ts';
import { noteNotifier, noteSession } from './drainedClient.ts';
import { drainedForMs, type SupervisorContext, type SupervisorMessage } from './supervisorContext.ts';

type Counts = Pick<SupervisorContext, 'monitors' | 'sessions' | 'notifiers' | 'services' | 'tally' | 'outcome'>;

/**
 * Returns the counts as they are, after a transition that threw: what it did to the children stands, what it counted is
 * lost. Whoever was admitted stays in the report, exactly once.
 */
export function restoredCounts(
  { children, tally: before }: SupervisorContext,
  during: SupervisorMessage | undefined,
): Counts {
  const { uncounted } = children;
  const sessions = children.sessions.size + uncounted.session;
  const tally = during?.type === 'actor.ended' ? withEnded(before, during) : before;
  const total = tally.sessions.early + tally.sessions.forced + sessions;
  const stragglers = tally.sessions.stragglers + Math.max(0, total - tally.sessions.total);
  const services = children.services.size + uncounted.service;
  return {
    monitors: children.monitors.size + uncounted.monitor,
    notifiers: children.notifiers.size + uncounted.notifier,
    services,
    sessions,
    tally: {
      ...tally,
      sessions: { ...tally.sessions, total, stragglers },
      services: { ...tally.services, total: endedServices(tally) + services },
    },
    outcome: 'failed',
  };
}

function endedServices({ services: { stopped, forced, failed } }: DrainTally): number {
  return stopped + forced + failed;
}

/**
 * Returns the tally of a drain that ends although some have not said that they ended: a session or a service counts as forced, a
 * notifier as evicted. Their connections are closed where nobody has done so.
 */
export function tallyOfLost(context: SupervisorContext): DrainTally {
  const { children, tally } = context;
  for (const { actor } of children.sessions) {
    const { connection } = actor.getSnapshot().context;
    if (!connection.isClosing) connection.close('failed', () => {});
    noteSession(context, actor, true);
  }
  for (const { actor } of children.notifiers) noteNotifier(context, actor);
  const { sessions, notifiers, services } = tally;
  const forced = sessions.forced + children.sessions.size + children.uncounted.session;
  const lostServices = children.services.size + children.uncounted.service;
  const evicted = notifiers.evicted + children.notifiers.size + children.uncounted.notifier;
  return {
    ...tally,
    sessions: { ...sessions, forced, total: sessions.early + forced },
    notifiers: { ...notifiers, evicted },
    services: { ...services, forced: services.forced + lostServices, total: endedServices(tally) + lostServices },
  };
}

/**
 * Ends the children of a supervisor whose own actor dies next, as it does only where not even its last attempt to end could
 * be processed. It hears of their ends no more.
 */
export function endOrphans(before: SupervisorContext, during: SupervisorMessage): void {
  const context = { ...before, ...restoredCounts(before, during) };
  context.admission.close(0);
  for (const { actor } of context.children.monitors) actor.send({ type: 'stop' });
  abandonClients(context);
  for (const { actor } of context.children.services) actor.send({ type: 'stop.within', withinMs: 0 });
  context.reportDeath(reportOf({ ...context, tally: tallyOfLost(context) }));
}

/** Returns the options of a drain that begins once more, with what is left of its time. */
export function remainingDrain(context: SupervisorContext): ResolvedDrainOptions {
  const { drain } = context;
  return { ...drain, deadlineMs: Math.max(1, drain.deadlineMs - drainedForMs(context)) };
}

/** Returns the options of a drain that a message asks for, or asked for when its processing failed. */
export function optionsOfDrain(message: SupervisorMessage): ResolvedDrainOptions | undefined {
  if (message.type === 'drain') return message.options;
  return message.type === 'failure' && message.during?.type === 'drain' ? message.during.options : undefined;
}
