import type { NoticeDraft } from '../model/notice.ts';
import type { DeliveryPort } from '../notifier/deliveryPort.ts';
import type { SupervisorContext } from './supervisorContext.ts';

type HealthDraft = Extract<NoticeDraft, { type: 'health' }>;

/** Sends a notice to all whom it concerns. The slowest costs the others nothing (INV-1). */
export function broadcast(context: SupervisorContext, draft: NoticeDraft): void {
  const { retainedNotices, children, runtime, publish } = context;
  if (draft.type === 'health') {
    sendHealth(context, draft, children.portsOf(draft.topic));
    return;
  }
  const notice = retainedNotices.complete(draft, runtime.clock.now());
  publish({ type: 'notice.broadcast', notice, notifiers: children.notifiers.size });
  for (const { actor } of children.notifiers) actor.send({ type: 'goaway', notice });
}

/** Tells every client, whatever topics it chose, that the program is going: readiness is lost, what is open goes on. */
export function announceWithdrawal(context: SupervisorContext): void {
  const draft = { type: 'health', topic: '', health: 'stopped', detail: 'draining' } as const;
  sendHealth(context, draft, context.children.allPorts());
}

function sendHealth(context: SupervisorContext, draft: HealthDraft, ports: readonly DeliveryPort[]): void {
  const notice = context.retainedNotices.retain(draft, context.runtime.clock.now());
  context.publish({ type: 'notice.broadcast', notice, notifiers: ports.length });
  context.convergence.begin(notice, ports.length);
  const event = { type: 'notice', notice } as const;
  for (const port of ports) port.offer(event);
}
