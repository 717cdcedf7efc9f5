import type { ActorPeek, MonitorStatus } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ActorDetail, Dependency } from '../protocol/actorDetail.ts';
import type { ShownKind } from '../protocol/shownActor.ts';
import { Redactor } from '../redact/redact.ts';
import { explainNotifier, explainSession } from './explainClient.ts';
import { explainMonitor } from './explainMonitor.ts';

type Looked = Pick<InspectedSupervisor, 'monitorOf' | 'stats' | 'peek' | 'describe'>;

/** What is shown of one actor, before anything is redacted. */
type Shown = Pick<ActorDetail, 'why' | 'dependencies'> & { readonly context: object };

/** Most dependencies that are shown of one monitor. */
const mostDependencies = 50;

/** Returns the details of an actor, through the public methods of its supervisor. */
export function describeActor(
  supervisor: Looked,
  { kind, id }: { readonly kind: ShownKind; readonly id: string },
  now: number,
): ActorDetail {
  const redactor = new Redactor();
  const { why, dependencies, context } = shownOf(supervisor, kind, id, now);
  const shown = redactor.value(withoutUndefined(context));
  return {
    why: why.map((line) => redactor.text(line)),
    dependencies,
    context: (typeof shown === 'object' && shown !== null && !Array.isArray(shown)
      ? shown
      : {}) as ActorDetail['context'],
    redacted: redactor.taken,
  };
}

function shownOf(supervisor: Looked, kind: ShownKind, id: string, now: number): Shown {
  const nothing: Shown = { why: [], dependencies: [], context: {} };
  switch (kind) {
    case 'supervisor':
      return { ...nothing, context: supervisor.stats() };
    case 'monitor':
      return shownMonitor(supervisor, id, now);
    case 'notifier': {
      const [value, notifier] = [supervisor.peek?.(kind, id)?.value, supervisor.describe?.(kind, id)];
      if (value === undefined || notifier === undefined) return nothing;
      return { ...nothing, why: explainNotifier(value, notifier), context: notifier };
    }
    case 'session': {
      const [value, session] = [supervisor.peek?.(kind, id)?.value, supervisor.describe?.(kind, id)];
      if (value === undefined || session === undefined) return nothing;
      return { ...nothing, why: explainSession(value, session), context: session };
    }
    default:
      return nothing;
  }
}

function shownMonitor(supervisor: Looked, id: string, now: number): Shown {
  const status = supervisor.monitorOf(id)?.status;
  const monitor = supervisor.describe?.('monitor', id);
  const { checkStartedAt: _, isRestored: __, ...limits } = monitor ?? {};
  if (status === undefined) return { why: [], dependencies: [], context: limits };
  return {
    why: explainMonitor(status, now, monitor),
    dependencies: dependenciesOf(supervisor, status, supervisor.peek?.('monitor', id)),
    context: { ...status, ...limits },
  };
}

function withoutUndefined(context: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}

function dependenciesOf(
  supervisor: Looked,
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
