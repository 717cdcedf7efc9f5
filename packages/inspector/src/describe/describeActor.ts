import type { ActorPeek, MonitorStatus } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ActorDetail, Dependency } from '../protocol/actorDetail.ts';
import type { ShownKind } from '../protocol/shownActor.ts';
import { Redactor } from '../redact/redact.ts';
import { visibleContext } from '../redact/visibleContext.ts';
import { explainClient } from './explainClient.ts';
import { explainMonitor } from './explainMonitor.ts';

type DescribedSupervisor = Pick<InspectedSupervisor, 'monitorOf' | 'stats' | 'peek'>;

/** Most dependencies that are shown of one monitor. */
const mostDependencies = 50;

/** Returns the details of an actor, through the public methods of its supervisor. */
export function describeActor(
  supervisor: DescribedSupervisor,
  { kind, id }: { readonly kind: ShownKind; readonly id: string },
  now: number,
): ActorDetail {
  const redactor = new Redactor();
  const status = kind === 'monitor' ? supervisor.monitorOf(id)?.status : undefined;
  const peek = supervisor.peek?.(kind, id);
  const known = visibleContext(kind, peek?.context);
  const why = status === undefined ? explainClient(kind, peek) : explainMonitor(status, now, peek?.context);
  const shown = redactor.value(kind === 'supervisor' ? supervisor.stats() : { ...status, ...known });
  const context = typeof shown === 'object' && shown !== null && !Array.isArray(shown) ? shown : {};
  return {
    why: why.map((line) => redactor.text(line)),
    dependencies: status === undefined ? [] : dependenciesOf(supervisor, status, peek),
    context: context as ActorDetail['context'],
    redacted: redactor.taken,
  };
}

function dependenciesOf(
  supervisor: DescribedSupervisor,
  { rootCause }: MonitorStatus,
  peek: ActorPeek | undefined,
): readonly Dependency[] {
  const { dependencies, members } = peek?.restsOn ?? { dependencies: [], members: [] };
  const ids = new Map<string, Dependency['role']>([
    ...(rootCause === undefined ? [] : [[rootCause, 'root cause'] as const]),
    ...dependencies.filter((id) => id !== rootCause).map((id) => [id, 'dependency'] as const),
    ...members.filter((id) => id !== rootCause).map((id) => [id, 'member'] as const),
  ]);
  return Array.from(ids)
    .slice(0, mostDependencies)
    .map(([id, role]) => ({ id, role, health: supervisor.monitorOf(id)?.status.health ?? 'stopped' }));
}
