import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { ActionPlace } from '../model/action.ts';
import { ChartNode, type ChartTransition } from '../model/chartNode.ts';
import type { Guard } from '../model/guard.ts';
import { configurationsOf } from '../model/size.ts';
import { UnsupportedFeatureError } from '../model/unsupportedFeatureError.ts';
import { type Semantics, scxml } from '../semantics/semantics.ts';
import { compileActions } from './compileAction.ts';
import { compileGuard, guardName, withErrorPlace } from './compileGuard.ts';
import { compileSpawn, compileStop } from './spawnChild.ts';

/** How the chart of a machine is compiled. */
export interface ChartOptions {
  readonly semantics?: Semantics | undefined;
  /** What becomes of names without an implementation. */
  readonly missing: ActionPlace['missing'];
}

/** A compiled machine: its nodes, and the event descriptors it names. */
export class Chart {
  readonly machine: AnyStateMachine;
  readonly semantics: Semantics;
  readonly root: ChartNode;
  readonly maxIterations: number;
  /** Event descriptors without a wildcard, over all nodes. */
  readonly descriptors = new Set<string>();
  /** Partial wildcards such as `probe.*`, over all nodes. */
  readonly partialWildcards: readonly string[];
  /** Whether any of its transitions needs no event. */
  readonly hasEventless: boolean;
  /** How many configurations it may come to have. */
  readonly configurations: number;
  readonly #missing: ActionPlace['missing'];
  readonly #nodes = new Map<string, ChartNode>();

  constructor(machine: AnyStateMachine, { semantics = scxml, missing }: ChartOptions) {
    this.machine = machine;
    this.semantics = semantics;
    this.#missing = missing;
    this.maxIterations = machine.options?.maxIterations ?? Number.POSITIVE_INFINITY;
    this.root = this.#createNodes(machine.root, undefined);
    for (const node of this.#nodes.values()) this.#compileNode(node);
    const wildcards = new Set<string>();
    for (const node of this.#nodes.values()) {
      for (const descriptor of node.transitions.keys()) {
        if (descriptor.endsWith('.*')) wildcards.add(descriptor);
        else if (descriptor !== '*') this.descriptors.add(descriptor);
      }
    }
    this.partialWildcards = [...wildcards];
    this.hasEventless = [...this.#nodes.values()].some(({ always }) => always.length > 0);
    this.configurations = configurationsOf(this.root);
  }

  /** @throws Error when the machine has no state node with this id. */
  node(id: string): ChartNode {
    const found = this.#nodes.get(id);
    if (found === undefined) throw new Error(`State node '#${id}' is not part of machine '${this.machine.id}'`);
    return found;
  }

  /** Creates the node of a state and those of its descendants. */
  #createNodes(stateNode: AnyStateNode, parent: ChartNode | undefined): ChartNode {
    const node = new ChartNode(stateNode, parent);
    if (this.#nodes.has(node.id)) throw new UnsupportedFeatureError(`the id '${node.id}', used twice`, node.id);
    this.#nodes.set(node.id, node);
    node.children = Object.values(stateNode.states).map((child) => this.#createNodes(child as AnyStateNode, node));
    return node;
  }

  /** Compiles what stands on a node; all nodes must have been created. */
  #compileNode(node: ChartNode): void {
    const { stateNode } = node;
    const place = this.#place(node);
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

  #place(node: ChartNode): ActionPlace {
    return { machine: this.machine, path: node.id, missing: this.#missing };
  }

  #historyDefault(stateNode: AnyStateNode): readonly ChartNode[] | undefined {
    const { target } = stateNode.config as { target?: string | readonly string[] };
    const { parent } = stateNode;
    if (target === undefined || target === '' || parent === undefined) return undefined;
    return [target].flat().map((path) => {
      if (path.startsWith('#')) return this.node(stateNode.machine.getStateNodeById(path).id);
      let found = this.node(parent.id);
      for (const key of keysOf(path)) {
        const child = found.children.find((candidate) => candidate.key === key);
        if (child === undefined) throw new UnsupportedFeatureError(`the history target '${path}'`, stateNode.id);
        found = child;
      }
      return found;
    });
  }

  #transition(source: ChartNode, definition: AnyTransitionDefinition): ChartTransition {
    const place = this.#place(source);
    return {
      definition,
      source,
      targets: definition.target?.map(({ id }) => this.node(id)),
      reenter: definition.reenter,
      eventType: definition.eventType,
      guard: compileGuardOf(definition, place),
      guardName: guardName(definition.guard),
      actions: compileActions(definition.actions, place),
    };
  }
}

/**
 * Errors of guards of event transitions say where they were thrown, in the interpreter's words; those of `always` do
 * not.
 */
function compileGuardOf({ guard, eventType }: AnyTransitionDefinition, place: ActionPlace): Guard | undefined {
  if (guard === undefined) return undefined;
  const compiled = compileGuard(guard, place);
  return eventType === '' ? compiled : withErrorPlace(compiled, guardName(guard), place.path);
}

/** The keys of a path; a backslash before a dot makes it part of a key, as for XState. */
function keysOf(path: string): string[] {
  return Array.from(path.matchAll(/(?:^|\.)((?:\\.|[^.\\])*)/gs), ([, key = '']) => key.replaceAll(/\\(.)/gs, '$1'));
}
