import type { ActorPeek, MonitorStatus } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ActorDetail, Footing } from '../protocol/actorDetail.ts';
import type { ShownKind } from '../protocol/shownActor.ts';
import { Redactor } from '../redact/redact.ts';
import { remembered } from '../redact/visibleContext.ts';
import { clientWords } from './explainClient.ts';
import { whyWords } from './explainMonitor.ts';

type Looked = Pick<InspectedSupervisor, 'monitorOf' | 'stats' | 'peek'>;

/** Members and dependencies that are shown of one monitor. */
const mostFootings = 50;

/** What is known of an actor by the public face of its supervisor. */
export function detailOf(
  keeper: Looked,
  { kind, id }: { readonly kind: ShownKind; readonly id: string },
  now: number,
): ActorDetail {
  const redactor = new Redactor();
  const status = kind === 'monitor' ? keeper.monitorOf(id)?.status : undefined;
  const peek = keeper.peek?.(kind, id);
  const known = remembered(kind, peek?.context);
  const why = status === undefined ? clientWords(kind, peek) : whyWords(status, now, peek?.context);
  const shown = redactor.value(kind === 'supervisor' ? keeper.stats() : { ...status, ...known });
  const context = typeof shown === 'object' && shown !== null && !Array.isArray(shown) ? shown : {};
  return {
    why: why.map((line) => redactor.text(line)),
    restsOn: status === undefined ? [] : footingsOf(keeper, status, peek),
    context: context as ActorDetail['context'],
    redacted: redactor.taken,
  };
}

function footingsOf(keeper: Looked, { rootCause }: MonitorStatus, peek: ActorPeek | undefined): readonly Footing[] {
  const { dependencies, members } = peek?.restsOn ?? { dependencies: [], members: [] };
  const ids = new Map<string, Footing['role']>([
    ...(rootCause === undefined ? [] : [[rootCause, 'root cause'] as const]),
    ...dependencies.filter((id) => id !== rootCause).map((id) => [id, 'dependency'] as const),
    ...members.filter((id) => id !== rootCause).map((id) => [id, 'member'] as const),
  ]);
  return Array.from(ids)
    .slice(0, mostFootings)
    .map(([id, role]) => ({ id, role, health: keeper.monitorOf(id)?.status.health ?? 'stopped' }));
}
