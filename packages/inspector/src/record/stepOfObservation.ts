import { triggerOf } from '../chart/chartGraph.ts';
import type { ObservedEdge, ObservedStep } from '../observed/observedStep.ts';
import type { Countdown, Step, TakenEdge } from '../protocol/step.ts';

/** Returns the step of one observed event. */
export function stepOf({ actor, event, raised, transitions, guards }: ObservedStep, seq: number, at: number): Step {
  const taken = transitions.map((edge) => {
    const guard = guards.find(({ passed, transition }) => passed && isSame(transition, edge))?.guard;
    return takenEdgeOf(edge, guard);
  });
  const asked = guards.map(({ guard, passed }) => [guard, passed] as const);
  return { seq, at, type: event.type, taken, asked, raised: raised.map(({ type }) => type), value: statesOf(actor) };
}

/** Returns a transition as the chart names it. */
export function takenEdgeOf({ source, targets, eventType }: ObservedEdge, guard: string | undefined): TakenEdge {
  const [target] = targets;
  return {
    from: pathOf(source),
    ...(target === undefined ? {} : { to: pathOf(target) }),
    on: triggerOf(eventType),
    ...(guard === undefined ? {} : { guard }),
  };
}

function statesOf(actor: ObservedStep['actor']): Step['value'] {
  const { value } = actor.getSnapshot() as { readonly value?: Step['value'] };
  return value ?? 'active';
}

/** Returns the timers that run after a step. A timer that ran before and was not restarted keeps its time. */
export function countdownsOf(
  { timers, transitions }: ObservedStep,
  before: readonly Countdown[],
  at: number,
): readonly Countdown[] {
  const entered = new Set(transitions.flatMap(({ targets }) => targets.map(pathOf)));
  return timers.flatMap(({ eventType, delayMs }) => {
    const [, delay, id] = /^xstate\.after\.([^.]+)\.(.+)$/.exec(eventType) ?? [];
    if (delay === undefined || id === undefined) return [];
    const state = pathOf(id);
    const running = before.find((each) => each.state === state && each.delay === delay && each.delayMs === delayMs);
    return [running !== undefined && !entered.has(state) ? running : { state, delay, delayMs, dueAt: at + delayMs }];
  });
}

/** Returns the id of a state without that of its machine. */
export function pathOf(id: string): string {
  const end = id.indexOf('.');
  return end < 0 ? '' : id.slice(end + 1);
}

function isSame(a: ObservedEdge, b: ObservedEdge): boolean {
  return a === b || (a.source === b.source && a.eventType === b.eventType && a.targets.join() === b.targets.join());
}
