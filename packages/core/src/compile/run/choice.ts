import type { AnyEventObject, MachineContext } from 'xstate';
import type { ChartNode, ChartTransition } from '../build/chart.ts';
import type { Configuration } from './configuration.ts';
import type { PlanTree } from './microstepPlan.ts';

/** A transition as one configuration sees it: with the plans that begin with it. */
export interface Candidate {
  readonly transition: ChartTransition;
  readonly plans: PlanTree;
}

/**
 * Who may take an event, in one configuration.
 *
 * The regions of a parallel state are asked first, all of them; only if none takes the event are `own` asked,
 * in order, and the first whose guard passes takes it.
 */
export interface Choice {
  readonly regions: readonly Choice[];
  readonly own: readonly Candidate[];
  /** Whether the event changes nothing and does nothing, whatever the context: nobody takes it, or only to forbid it. */
  readonly isVoid: boolean;
}

/** Told of each guard that was asked. */
export type GuardWitness = (transition: ChartTransition, passed: boolean) => void;

const NOBODY: Choice = { regions: [], own: [], isVoid: true };
export const isNobody = (choice: Choice): boolean => choice === NOBODY;

/** The transitions of a node that answer to an event type: exact ones, then wildcards, the longest first. */
export function matchingTransitions(node: ChartNode, eventType: string): readonly ChartTransition[] {
  const exact = node.transitions.get(eventType) ?? [];
  const wild = [...node.transitions.keys()]
    .filter((descriptor) => descriptor !== eventType && matchesWildcard(eventType, descriptor))
    .sort((left, right) => right.length - left.length)
    .flatMap((descriptor) => node.transitions.get(descriptor) ?? []);
  return [...exact, ...wild];
}

export function matchesWildcard(eventType: string, descriptor: string): boolean {
  if (descriptor === '*') return true;
  if (!descriptor.endsWith('.*')) return false;
  const prefix = descriptor.slice(0, -2);
  return eventType === prefix || (eventType.startsWith(prefix) && eventType[prefix.length] === '.');
}

/** Builds the table of one configuration for one event type. */
export function choiceFor(configuration: Configuration, eventType: string): Choice {
  const { laws, root } = configuration.chart;
  const choose = (node: ChartNode, outer: readonly Candidate[]): Choice => {
    const own = laws.matching(node, eventType).map((transition) => configuration.candidate(transition));
    const chain = laws.innerFirst ? [...own, ...outer] : [...outer, ...own];
    const active = configuration.activeChildren(node);
    const [only] = active;
    if (only === undefined) return alone(chain);
    if (active.length === 1) return choose(only, chain);
    const regions = active.map((child) => choose(child, [])).filter((choice) => !isNobody(choice));
    const [single] = regions;
    if (single === undefined) return alone(chain);
    if (regions.length === 1 && single.regions.length === 0) return alone([...single.own, ...chain]);
    return { regions, own: chain, isVoid: false };
  };
  return choose(root, []);
}

/** The choice of a chart in which no regions are to be asked. */
function alone(own: readonly Candidate[]): Choice {
  const [first] = own;
  if (first === undefined) return NOBODY;
  const { guard, targets, actions } = first.transition;
  return { regions: [], own, isVoid: guard === undefined && targets === undefined && actions.length === 0 };
}

/** The first of `candidates` whose guard passes. */
export function firstPassing(
  candidates: readonly Candidate[],
  context: MachineContext,
  event: AnyEventObject,
  configuration: Configuration,
  witness: GuardWitness | undefined,
): Candidate | undefined {
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at] as Candidate;
    const { guard } = candidate.transition;
    if (guard === undefined) return candidate;
    const passed = guard(context, event, configuration);
    if (witness !== undefined) witness(candidate.transition, passed);
    if (passed) return candidate;
  }
  return undefined;
}

/** Adds to `taken` what the regions of `choice`, or else `choice` itself, do with an event. */
export function collectTaken(
  choice: Choice,
  context: MachineContext,
  event: AnyEventObject,
  configuration: Configuration,
  witness: GuardWitness | undefined,
  taken: Candidate[],
): void {
  const before = taken.length;
  for (const region of choice.regions) collectTaken(region, context, event, configuration, witness, taken);
  if (taken.length > before) return;
  const own = firstPassing(choice.own, context, event, configuration, witness);
  if (own !== undefined) taken.push(own);
}
