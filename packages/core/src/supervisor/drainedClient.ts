import type { DrainedClient } from '../model/drainReport.ts';
import type { NotifierActor } from '../notifier/notifierMachine.ts';
import type { SessionActor } from '../session/sessionMachine.ts';
import type { SupervisorContext } from './supervisorContext.ts';

/** Notes a session that a drain closed against its will, or left unclosed; one whose end is lost in any case. */
export function noteSession({ drainedClients, drain }: SupervisorContext, actor: SessionActor, isLost = false): void {
  const { id, slot, connection, notice, forced, unfinished, reason } = actor.getSnapshot().context;
  if (!forced && !unfinished && !isLost) return;
  drainedClients.add(actor, drain.maxNamed, (): DrainedClient => {
    const { peer } = slot;
    const { doing } = connection;
    return {
      kind: 'session',
      id,
      ...(peer === undefined ? {} : { peer }),
      fate: unfinished || (isLost && !forced) ? 'unfinished' : 'forced',
      reason: isLost && !forced ? 'failed' : reason,
      ...(notice === undefined ? {} : { toldAt: notice.at }),
      ...(doing === undefined ? {} : { doing }),
    };
  });
}

/** Notes a notifier that ended in a drain without the goaway. */
export function noteNotifier({ drainedClients, drain }: SupervisorContext, actor: NotifierActor): void {
  const snapshot = actor.getSnapshot();
  const { id, told, reason, goaway, options } = snapshot.context;
  if (told) return;
  drainedClients.add(actor, drain.maxNamed, (): DrainedClient => {
    const { session } = options;
    return {
      kind: 'notifier',
      id,
      ...(session === undefined ? {} : { session }),
      fate: 'evicted',
      reason: snapshot.status === 'done' ? reason : 'failed',
      ...(goaway === undefined ? {} : { toldAt: goaway.at }),
    };
  });
}
