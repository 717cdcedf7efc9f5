import type { NoticeDraft } from '../model/notice.ts';
import type { SupervisorContext } from './supervisorContext.ts';

/** Sends a notice to all whom it concerns. The slowest costs the others nothing (INV-1). */
export function broadcast(context: SupervisorContext, draft: NoticeDraft): void {
  const { retainedNotices, children, runtime, publish } = context;
  if (draft.type === 'health') {
    publish({ type: 'notice.broadcast', ...retainedNotices.tell(draft, runtime.clock.now()) });
    return;
  }
  const notice = retainedNotices.complete(draft, runtime.clock.now());
  publish({ type: 'notice.broadcast', notice, notifiers: children.notifiers.size });
  for (const { actor } of children.notifiers) actor.send({ type: 'goaway', notice });
}

/** Tells every client, whatever topics it chose, that the program is going: readiness is lost, what is open goes on. */
export function announceWithdrawal({ retainedNotices, runtime, publish }: SupervisorContext): void {
  const draft = { type: 'health', topic: '', health: 'stopped', detail: 'draining' } as const;
  publish({ type: 'notice.broadcast', ...retainedNotices.tellAll(draft, runtime.clock.now()) });
}
