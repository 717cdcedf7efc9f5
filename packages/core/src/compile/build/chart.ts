import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { UnsupportedFeatureError } from '../model/unsupportedFeatureError.ts';
import { Configuration, type History } from '../run/configuration.ts';
import { initialPlan, type Plan } from '../run/microstepPlan.ts';
import { type Laws, scxml } from '../semantics/semantics.ts';
import { type Action, type ActionPlace, compileActions, compileSpawn, compileStop } from './compileAction.ts';
import { compileGuard, explaining, type Guard, guardName } from './compileGuard.ts';

/** One transition with its names looked up. */
export interface ChartTransition {
  readonly source: ChartNode;
  readonly targets: readonly ChartNode[] | undefined;
  readonly reenter: boolean;
  readonly eventType: string;
  readonly guard: Guard | undefined;
  readonly guardName: string | undefined;
  readonly actions: readonly Action[];
}

/** One state of the chart: XState's node, with guards and actions made ready to run. */
export class ChartNode {
  readonly stateNode: AnyStateNode;
  readonly id: string;
  readonly key: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly order: number;
  readonly parent: ChartNode | undefined;
  readonly output: unknown;
  children: readonly ChartNode[] = [];
  entry: readonly Action[] = [];
  exit: readonly Action[] = [];
  spawns: readonly Action[] = [];
  stops: readonly Action[] = [];
  invokedIds: readonly string[] = [];
  initial: ChartNode | undefined;
  initialActions: readonly Action[] = [];
  /** Where a history state leads while nothing is remembered; unset: to the parent's initial state. */
  historyDefault: readonly ChartNode[] | undefined;
  always: readonly ChartTransition[] = [];
  transitions: ReadonlyMap<string, readonly ChartTransition[]> = new Map();

  constructor(stateNode: AnyStateNode, parent: ChartNode | undefined) {
    this.stateNode = stateNode;
    this.id = stateNode.id;
    this.key = stateNode.key;
    this.type = stateNode.type;
    this.order = stateNode.order;
    this.parent = parent;
    this.output = stateNode.output;
  }

  get isAtomic(): boolean {
    return this.type === 'atomic' || this.type === 'final';
  }
}

/** A machine made ready: its nodes, the event descriptors it knows, and every configuration met so far. */
export class Chart {
  readonly machine: AnyStateMachine;
  readonly laws: Laws;
  readonly root: ChartNode;
  readonly maxIterations: number;
  /** Event descriptors without a wildcard, over all nodes. */
  readonly descriptors = new Set<string>();
  /** Partial wildcards such as `probe.*`, over all nodes. */
  readonly partialWildcards: readonly string[];
  /** The configuration before the chart is entered: its root alone. */
  readonly outside: Configuration;
  /** The transitions that were ever taken. */
  readonly taken = new Set<ChartTransition>();
  #entrance: Plan | undefined;
  readonly #nodes = new Map<string, ChartNode>();
  readonly #configurations = new Map<string, Configuration>();

  constructor(machine: AnyStateMachine, laws: Laws = scxml) {
    this.machine = machine;
    this.laws = laws;
    this.maxIterations = machine.options?.maxIterations ?? Number.POSITIVE_INFINITY;
    this.root = this.#grow(machine.root, undefined);
    for (const node of this.#nodes.values()) this.#furnish(node);
    const wildcards = new Set<string>();
    for (const node of this.#nodes.values()) {
      for (const descriptor of node.transitions.keys()) {
        if (descriptor.endsWith('.*')) wildcards.add(descriptor);
        else if (descriptor !== '*') this.descriptors.add(descriptor);
      }
    }
    this.partialWildcards = [...wildcards];
    this.outside = this.configuration([this.root], new Map());
  }

  /** The microstep that enters the chart. */
  get entrance(): Plan {
    this.#entrance ??= initialPlan(this.outside);
    return this.#entrance;
  }

  /** The nodes that were ever active. */
  get reached(): ReadonlySet<ChartNode> {
    return new Set([...this.#configurations.values()].flatMap(({ nodes }) => nodes));
  }

  node(id: string): ChartNode {
    const found = this.#nodes.get(id);
    if (found === undefined) throw new Error(`State node '#${id}' is not part of machine '${this.machine.id}'`);
    return found;
  }

  /** The one object that stands for these active nodes, in this order, with this memory. */
  configuration(nodes: readonly ChartNode[], history: History): Configuration {
    let key = nodes.map((node) => node.order).join();
    for (const [id, remembered] of history) key += `|${id}=${remembered.map((node) => node.order).join()}`;
    let configuration = this.#configurations.get(key);
    if (configuration === undefined) {
      configuration = new Configuration(this, nodes, history);
      this.#configurations.set(key, configuration);
    }
    return configuration;
  }

  #grow(stateNode: AnyStateNode, parent: ChartNode | undefined): ChartNode {
    const node = new ChartNode(stateNode, parent);
    if (this.#nodes.has(node.id)) throw new UnsupportedFeatureError(`the id '${node.id}', used twice`, node.id);
    this.#nodes.set(node.id, node);
    node.children = Object.values(stateNode.states).map((child) => this.#grow(child as AnyStateNode, node));
    return node;
  }

  #furnish(node: ChartNode): void {
    const { stateNode } = node;
    const { machine } = this;
    const place: ActionPlace = { machine, path: node.id };
    node.entry = compileActions(stateNode.entry, place);
    node.exit = compileActions(stateNode.exit, place);
    node.invokedIds = stateNode.invoke.map(({ id }) => id);
    node.spawns = stateNode.invoke.map((invoke) =>
      compileSpawn({ ...invoke, src: invoke.src as string, syncSnapshot: invoke.onSnapshot !== undefined }, place),
    );
    node.stops = stateNode.invoke.map(({ id }) => compileStop({ actorRef: id }));
    node.initialActions = compileActions(stateNode.initial.actions, place);
    const [initial] = stateNode.initial.target;
    node.initial = initial === undefined ? undefined : this.node(initial.id);
    if (node.type === 'history') node.historyDefault = this.#historyDefault(stateNode);
    node.always = (stateNode.always ?? []).map((transition) => this.#transition(node, transition));
    node.transitions = new Map(
      [...stateNode.transitions].map(([descriptor, transitions]) => {
        if (/\*.+/.test(descriptor) || /[^.]\*$/.test(descriptor)) {
          throw new UnsupportedFeatureError(
            `the event descriptor '${descriptor}', whose wildcard never matches`,
            node.id,
          );
        }
        return [descriptor, transitions.map((transition) => this.#transition(node, transition))];
      }),
    );
  }

  #historyDefault(stateNode: AnyStateNode): readonly ChartNode[] | undefined {
    const { target } = stateNode.config as { target?: string | readonly string[] };
    const { parent } = stateNode;
    if (target === undefined || target === '' || parent === undefined) return undefined;
    return [target].flat().map((path) => {
      if (path.startsWith('#')) return this.node(stateNode.machine.getStateNodeById(path).id);
      let found = this.node(parent.id);
      for (const key of path.split('.')) {
        const child = found.children.find((candidate) => candidate.key === key);
        if (child === undefined) throw new UnsupportedFeatureError(`the history target '${path}'`, stateNode.id);
        found = child;
      }
      return found;
    });
  }

  #transition(source: ChartNode, definition: AnyTransitionDefinition): ChartTransition {
    const { machine } = this;
    return {
      source,
      targets: definition.target?.map(({ id }) => this.node(id)),
      reenter: definition.reenter,
      eventType: definition.eventType,
      guard: compileGuardOf(definition, machine, source.id),
      guardName: guardName(definition.guard),
      actions: compileActions(definition.actions, { machine, path: source.id }),
    };
  }
}

/** Guards of event transitions explain where they threw, in the interpreter's words; those of `always` do not. */
function compileGuardOf(
  { guard, eventType }: AnyTransitionDefinition,
  machine: AnyStateMachine,
  path: string,
): Guard | undefined {
  if (guard === undefined) return undefined;
  const compiled = compileGuard(guard, machine, path);
  return eventType === '' ? compiled : explaining(compiled, guardName(guard), path);
}
