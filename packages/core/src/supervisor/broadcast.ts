import type { NoticeDraft } from '../model/notice.ts';
import type { DeliveryPort } from '../notifier/deliveryPort.ts';
import type { SupervisorContext } from './supervisorContext.ts';

type HealthDraft = Extract<NoticeDraft, { type: 'health' }>;

/** Tells all whom a notice concerns. Each keeps its own pace: the slowest costs the others nothing (INV-1). */
export function broadcast(context: SupervisorContext, draft: NoticeDraft): void {
  const { board, actors, runtime, publish } = context;
  if (draft.type === 'health') {
    tell(context, draft, actors.portsOf(draft.topic));
    return;
  }
  const notice = board.complete(draft, runtime.clock.now());
  publish({ type: 'notice.broadcast', notice, notifiers: actors.notifiers.size });
  for (const { actor } of actors.notifiers) actor.send({ type: 'goaway', notice });
}

/** Tells everybody, whatever topics they chose, that the whole is going: readiness is lost, what is open goes on. */
export function announceWithdrawal(context: SupervisorContext): void {
  const draft = { type: 'health', topic: '', health: 'stopped', detail: 'draining' } as const;
  tell(context, draft, context.actors.allPorts());
}

function tell(context: SupervisorContext, draft: HealthDraft, ports: readonly DeliveryPort[]): void {
  const notice = context.board.retain(draft, context.runtime.clock.now());
  context.publish({ type: 'notice.broadcast', notice, notifiers: ports.length });
  context.convergence.begin(notice, ports.length);
  const event = { type: 'notice', notice } as const;
  for (const port of ports) port.offer(event);
}
