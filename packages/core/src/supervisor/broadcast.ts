import type { NoticeDraft } from '../model/notice.ts';
import type { Courier } from '../notifier/deliveryPort.ts';
import type { SupervisorContext } from './supervisorContext.ts';

type HealthDraft = Extract<NoticeDraft, { type: 'health' }>;

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

/** Tells everybody, whatever topics they chose, that the whole is going: readiness is lost, what is open goes on. */
export function announceWithdrawal(context: SupervisorContext): void {
  const draft = { type: 'health', topic: '', health: 'stopped', detail: 'draining' } as const;
  tell(context, draft, context.actors.allCouriers());
}

function tell(context: SupervisorContext, draft: HealthDraft, couriers: readonly Courier[]): void {
  const notice = context.board.publish(draft, context.runtime.clock.now());
  context.publish({ type: 'notice.broadcast', notice, notifiers: couriers.length });
  context.convergence.begin(notice, couriers.length);
  const event = { type: 'notice', notice } as const;
  for (const courier of couriers) courier.bring(event);
}
