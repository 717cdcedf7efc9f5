import type { AnyEventObject, MachineContext } from 'xstate';
import type { ChartNode, ChartTransition } from '../model/chartNode.ts';
import type { ActiveStates } from '../model/guard.ts';
import type { Semantics } from '../semantics/semantics.ts';

/** Anything that stands for a transition. */
interface HasTransition {
  readonly transition: ChartTransition;
}

/**
 * The transitions one configuration may take for one event type.
 *
 * The regions of a parallel state are tried first, all of them. Only if none has a transition to take, the first of
 * `own` whose guard passes is taken.
 */
export interface Choice<TCandidate extends HasTransition> {
  readonly regions: readonly Choice<TCandidate>[];
  readonly own: readonly TCandidate[];
  /**
   * Whether the event changes nothing and does nothing, whatever the context: no transition takes it, or only to forbid
   * it.
   */
  readonly isNoop: boolean;
}

/** Called with each guard that was evaluated. */
export type GuardObserver = (transition: ChartTransition, passed: boolean) => void;

const EMPTY: Choice<never> = { regions: [], own: [], isNoop: true };
/** Whether there is no transition to take. */
export const isEmpty = (choice: Choice<HasTransition>): boolean => choice === EMPTY;

/** The part of a configuration, or of a region of it, that its choices are made from. */
interface ChoiceSource<TCandidate> {
  readonly chart: { readonly semantics: Semantics; readonly root: ChartNode };
  candidate(transition: ChartTransition): TCandidate;
  activeChildren(node: ChartNode): readonly ChartNode[];
}

/** Makes the choice of a configuration for an event type. */
export function choiceFor<TCandidate extends HasTransition>(
  configuration: ChoiceSource<TCandidate>,
  eventType: string,
): Choice<TCandidate> {
  const { semantics, root } = configuration.chart;
  const choose = (node: ChartNode, outer: readonly TCandidate[]): Choice<TCandidate> => {
    const own = semantics.matching(node, eventType).map((transition) => configuration.candidate(transition));
    const chain = semantics.innerFirst ? [...own, ...outer] : [...outer, ...own];
    const active = configuration.activeChildren(node);
    const [only] = active;
    if (only === undefined) return withoutRegions(chain);
    if (active.length === 1) return choose(only, chain);
    const regions = active.map((child) => choose(child, [])).filter((choice) => !isEmpty(choice));
    const [single] = regions;
    if (single === undefined) return withoutRegions(chain);
    if (regions.length === 1 && single.regions.length === 0) return withoutRegions([...single.own, ...chain]);
    return { regions, own: chain, isNoop: false };
  };
  return choose(root, []);
}

/** A choice in which no regions are tried. */
function withoutRegions<TCandidate extends HasTransition>(own: readonly TCandidate[]): Choice<TCandidate> {
  const [first] = own;
  if (first === undefined) return EMPTY;
  const { guard, targets, actions } = first.transition;
  return { regions: [], own, isNoop: guard === undefined && targets === undefined && actions.length === 0 };
}

/** The first of `candidates` whose guard passes. */
export function firstPassing<TCandidate extends HasTransition>(
  candidates: readonly TCandidate[],
  context: MachineContext,
  event: AnyEventObject,
  states: ActiveStates,
  onGuard: GuardObserver | undefined,
): TCandidate | undefined {
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at] as TCandidate;
    const { guard } = candidate.transition;
    if (guard === undefined) return candidate;
    const passed = guard(context, event, states);
    if (onGuard !== undefined) onGuard(candidate.transition, passed);
    if (passed) return candidate;
  }
  return undefined;
}

/** Adds to `taken` the transitions that the regions of `choice`, or else `choice` itself, take for an event. */
export function collectTaken<TCandidate extends HasTransition>(
  choice: Choice<TCandidate>,
  context: MachineContext,
  event: AnyEventObject,
  states: ActiveStates,
  onGuard: GuardObserver | undefined,
  taken: TCandidate[],
): void {
  const before = taken.length;
  for (const region of choice.regions) collectTaken(region, context, event, states, onGuard, taken);
  if (taken.length > before) return;
  const own = firstPassing(choice.own, context, event, states, onGuard);
  if (own !== undefined) taken.push(own);
}
