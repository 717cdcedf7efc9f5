import type { ObservedEdge, ObservedStep } from '../observed/observedStep.ts';
import type { XStateInspection } from '../observed/xstateInspection.ts';

/**
 * Builds the steps of one actor from XState's inspection events: its microsteps, and then the snapshot they led to.
 * XState does not report guards that failed.
 */
export function stepsOf(
  sessionId: string,
  scheduled: () => Readonly<Record<string, unknown>>,
  observer: (step: ObservedStep) => void,
): (told: XStateInspection) => void {
  let edges: (ObservedEdge & { readonly guard?: string })[] = [];
  let raised: { type: string }[] = [];
  return ({ type, actorRef, event, snapshot, _transitions: transitions = [] }) => {
    if (actorRef?.sessionId !== sessionId || event === undefined) return;
    if (type === '@xstate.microstep') {
      edges.push(...transitions.flatMap(edgeOf));
      raised.push({ type: event.type });
    } else if (type === '@xstate.snapshot') {
      const [taken, micro] = [edges, raised];
      [edges, raised] = [[], []];
      observer({
        actor: { getSnapshot: () => snapshot },
        event,
        raised: micro.filter((each) => each.type !== event.type && each.type !== ''),
        transitions: taken,
        guards: taken.flatMap((edge) =>
          edge.guard === undefined ? [] : [{ guard: edge.guard, passed: true, transition: edge }],
        ),
        timers: timersOf(sessionId, scheduled()),
      });
    }
  };
}

function edgeOf(transition: unknown): (ObservedEdge & { readonly guard?: string })[] {
  const { source, target, eventType, guard } = transition as {
    readonly source?: { readonly id?: string };
    readonly target?: readonly { readonly id: string }[];
    readonly eventType?: string;
    readonly guard?: unknown;
  };
  if (source?.id === undefined || eventType === undefined) return [];
  const edge = { source: source.id, targets: (target ?? []).map(({ id }) => id), eventType };
  return [guard === undefined ? edge : { ...edge, guard: guardName(guard) }];
}

function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (typeof guard === 'object' && guard !== null && 'type' in guard) return String(guard.type);
  return typeof guard === 'function' ? guard.name || 'inline' : 'inline';
}

type Scheduled = {
  readonly id: string;
  readonly delay: number;
  /** XState 6 keeps none beside a timer. */
  readonly event?: { readonly type: string };
  readonly source: { readonly sessionId: string };
};

function timersOf(sessionId: string, scheduled: Readonly<Record<string, unknown>>): ObservedStep['timers'] {
  return (Object.values(scheduled) as Scheduled[])
    .filter(({ source }) => source?.sessionId === sessionId)
    .map(({ id, delay, event }) => ({ id, delayMs: delay, eventType: event?.type ?? id }));
}
