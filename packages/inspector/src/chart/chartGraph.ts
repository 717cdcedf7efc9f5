/** The part of an XState state node that a chart is drawn from. Any XState machine's `root` has this shape. */
export interface DrawableNode {
  readonly key: string;
  readonly path: readonly string[];
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly history?: unknown;
  readonly states: Readonly<Record<string, DrawableNode>>;
  readonly initial?: { readonly target: readonly DrawableNode[] } | undefined;
  readonly transitions: ReadonlyMap<string, readonly DrawableTransition[]>;
  readonly always?: readonly DrawableTransition[] | undefined;
  /** Actions; one function in XState 6, whose inside nobody can read. */
  readonly entry?: unknown;
  readonly invoke: readonly { readonly src: unknown }[];
}

/** The part of an XState transition that an edge is drawn from. */
export interface DrawableTransition {
  readonly target: readonly DrawableNode[] | undefined;
  readonly guard?: unknown;
  readonly actions?: readonly unknown[];
  /** In XState 6: says at run time where it goes, and what is done. */
  readonly to?: unknown;
  /** In XState 6: after how long. */
  readonly delay?: unknown;
}

/** One state of a chart. The path of the root is empty. */
export type ChartState = {
  readonly path: string;
  readonly name: string;
  readonly type: DrawableNode['type'];
  /** The path of the state it begins in. */
  readonly initial?: string;
  /** Names of what runs on entry: invocations and actions. */
  readonly does: readonly string[];
};

/** One transition of a chart. */
export type ChartTransition = {
  readonly from: string;
  /** Path of the target; missing where the state does not change. */
  readonly to?: string;
  /** Trigger: an event, `after` a delay, `always`, `done` or `error`. */
  readonly on: string;
  readonly guard?: string;
  readonly actions: readonly string[];
};

/** A chart as plain values, read from the machine that runs. */
export type ChartGraph = {
  readonly states: readonly ChartState[];
  readonly transitions: readonly ChartTransition[];
};

/** Reads the chart of a machine from its `root`. */
export function chartGraphOf(root: DrawableNode): ChartGraph {
  const nodes = [root, ...below(root)];
  return { states: nodes.map(stateOf), transitions: nodes.flatMap(transitionsOf) };
}

function below(node: DrawableNode): DrawableNode[] {
  return Object.values(node.states).flatMap((child) => [child, ...below(child)]);
}

function stateOf(node: DrawableNode): ChartState {
  const initial = node.type === 'compound' ? node.initial?.target[0] : undefined;
  return {
    path: pathOf(node),
    name: node.key,
    type: node.type,
    ...(initial === undefined ? {} : { initial: pathOf(initial) }),
    // XState arms a delayed transition with an entry action of its own.
    does: [...node.invoke.map(({ src }) => nameOf(src)), ...actionsOf(node.entry).filter((name) => name !== 'raise')],
  };
}

function transitionsOf(node: DrawableNode): ChartTransition[] {
  const eventless = (node.always ?? []).map((transition) => ['always', transition] as const);
  const evented = Array.from(node.transitions).flatMap(([event, transitions]) =>
    transitions.map((transition) => [triggerOf(event, transition.delay), transition] as const),
  );
  return [...eventless, ...evented].map(([on, { target, guard, actions, to: decide }]) => {
    const to = target?.[0];
    const does = actionsOf(actions ?? decide);
    return {
      from: pathOf(node),
      ...(to === undefined ? {} : { to: pathOf(to) }),
      on,
      ...(guard === undefined ? {} : { guard: nameOf(guard) }),
      actions: does,
    };
  });
}

/** Returns the trigger of a transition: XState writes delays and the ends of invocations as events of its own. */
export function triggerOf(event: string, delayed?: unknown): string {
  if (event === '') return 'always';
  if (event === 'xstate.after') return `after ${nameOf(delayed)}`;
  const delay = /^xstate\.after\.([^.]+)\./.exec(event)?.[1];
  if (delay !== undefined) return `after ${delay}`;
  if (event.startsWith('xstate.done.')) return 'done';
  return event.startsWith('xstate.error.') ? 'error' : event;
}

const pathOf = (node: DrawableNode): string => node.path.join('.');

/** Names of actions. A function of XState 6 is named after the property it stands at, which says nothing. */
function actionsOf(actions: unknown): string[] {
  if (Array.isArray(actions)) return actions.map(nameOf);
  return actions === undefined ? [] : ['inline'];
}

function nameOf(named: unknown): string {
  if (typeof named === 'string' || typeof named === 'number') return String(named);
  if (typeof named === 'object' && named !== null && 'type' in named) return String(named.type);
  return typeof named === 'function' ? named.name || 'inline' : 'inline';
}
