/** A graph whose states are found by taking steps. */
export interface Graph<TState, TStep> {
  readonly start: TState;
  /** Tells states apart. */
  readonly key: (state: TState) => string;
  readonly stepsFrom: (state: TState) => readonly TStep[];
  readonly take: (state: TState, step: TStep) => TState;
}

/** What a law may look at: the state before and the step, unset in the first state. */
export interface Cause<TState, TStep> {
  readonly before: TState;
  readonly step: TStep;
}

/** A claim about every state and step: true where it holds. */
export type SearchLaw<TState, TStep> = (state: TState, cause: Cause<TState, TStep> | undefined) => boolean;

/** A law that did not hold, with the shortest way there. */
export interface Breach<TStep> {
  readonly law: string;
  /** What was thrown, where something was. */
  readonly error?: unknown;
  readonly path: readonly TStep[];
}

/** What a search found. */
export interface Found<TStep> {
  readonly states: number;
  readonly steps: number;
  /** False when a limit kept the search from states it would have gone to. */
  readonly isComplete: boolean;
  readonly breaches: readonly Breach<TStep>[];
}

interface Node<TState, TStep> {
  readonly state: TState;
  readonly from: Node<TState, TStep> | undefined;
  readonly step: TStep | undefined;
  readonly depth: number;
}

/** The name of the law that no step throws, which every search holds. */
export const THROWS_NOTHING = 'no step throws';

/** Takes every step from every state, the nearest first, so that the first way to a breach is a shortest one. */
export function search<TState, TStep>(
  graph: Graph<TState, TStep>,
  laws: Readonly<Record<string, SearchLaw<TState, TStep>>>,
  limits: { readonly depth: number; readonly maxStates: number },
): Found<TStep> {
  const breaches = new Map<string, Breach<TStep>>();
  const note = (law: string, path: readonly TStep[], thrown: { error?: unknown } = {}) => {
    if (!breaches.has(law)) breaches.set(law, { law, path, ...thrown });
  };
  const judge = (state: TState, cause: Cause<TState, TStep> | undefined, path: () => readonly TStep[]) => {
    for (const [law, holds] of Object.entries(laws)) {
      if (breaches.has(law)) continue;
      try {
        if (!holds(state, cause)) note(law, path());
      } catch (error) {
        note(law, path(), { error });
      }
    }
  };
  const first: Node<TState, TStep> = { state: graph.start, from: undefined, step: undefined, depth: 0 };
  const seen = new Set([graph.key(graph.start)]);
  judge(graph.start, undefined, () => []);
  let steps = 0;
  let isComplete = true;
  const nodes = [first];
  for (const node of nodes) {
    for (const step of graph.stepsFrom(node.state)) {
      if (node.depth === limits.depth) {
        isComplete = false;
        break;
      }
      steps += 1;
      let state: TState;
      try {
        state = graph.take(node.state, step);
      } catch (error) {
        note(THROWS_NOTHING, [...pathTo(node), step], { error });
        continue;
      }
      judge(state, { before: node.state, step }, () => [...pathTo(node), step]);
      const key = graph.key(state);
      if (seen.has(key)) continue;
      if (seen.size === limits.maxStates) {
        isComplete = false;
        continue;
      }
      seen.add(key);
      nodes.push({ state, from: node, step, depth: node.depth + 1 });
    }
  }
  return { states: seen.size, steps, isComplete, breaches: [...breaches.values()] };
}

function pathTo<TState, TStep>(node: Node<TState, TStep>): readonly TStep[] {
  const path: TStep[] = [];
  for (let at: Node<TState, TStep> | undefined = node; at?.step !== undefined; at = at.from) path.unshift(at.step);
  return path;
}
