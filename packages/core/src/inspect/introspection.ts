import type { AnyActorRef, InspectionEvent } from 'xstate';
import type { MonitorGraph } from '../aggregate/monitorGraph.ts';
import type { Coverage } from '../compile/coverage.ts';
import type { TransitionObserver } from '../compile/perActor/observation.ts';
import { watchUntil } from '../compile/perActor/watchTransitions.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { MonitorChild } from '../monitor/monitorMachine.ts';
import { callable, oneOf, requireOption } from '../rules.ts';
import type { CompiledCharts } from '../supervisor/charts.ts';
import type { Children } from '../supervisor/children.ts';
import { type ActorChanges, ChangeTracker, type ViewedActors, viewsOf } from './actorChanges.ts';
import { type ActorDescriptions, describeContext } from './actorDescription.ts';
import type { ActorPeek, ActorView } from './actorView.ts';

/** The parts of a supervisor that introspection reads. */
export type IntrospectionInput = {
  readonly charts: CompiledCharts;
  readonly children: Children;
  readonly graph: MonitorGraph;
  /** The supervisor's own actor. */
  readonly root: AnyActorRef & { getSnapshot(): ActorPeek };
  readonly handleOf: (child: MonitorChild) => Monitor;
  readonly supervisor: () => Pick<ActorView, 'id' | 'health'>;
};

const kindRule = oneOf<ActorView['kind']>('supervisor', 'monitor', 'notifier', 'session');
const observerRule = callable<(event: never) => void>();
const inspectorRule = callable<(event: InspectionEvent) => void>();

/** Reads the children of one supervisor from outside. It costs nothing while nobody reads. */
export class Introspection {
  readonly #input: IntrospectionInput;
  readonly #viewed: ViewedActors;

  constructor(input: IntrospectionInput) {
    const { children, root, handleOf, supervisor } = input;
    this.#input = input;
    this.#viewed = {
      children,
      handleOf,
      supervisor: () => ({
        actorId: 'supervisor',
        kind: 'supervisor',
        value: root.getSnapshot().value,
        ...supervisor(),
      }),
    };
  }

  /** Returns a view of every actor as it is now, the supervisor first. */
  all(): Iterable<ActorView> {
    return viewsOf(this.#viewed);
  }

  /** Returns a function that returns the changes of the children since its last call. */
  watch(): () => ActorChanges {
    const tracker = new ChangeTracker(this.#viewed);
    return () => tracker.next();
  }

  /** Calls `observer` for every event that one actor handles, until the returned function is called. */
  observe(actorId: string, observer: TransitionObserver): () => void {
    requireOption('observe.observer', observerRule, observer);
    const { children, root } = this.#input;
    const actor = actorId === 'supervisor' ? root : children.actorOf(actorId);
    return actor === undefined ? () => {} : watchUntil(actor, observer);
  }

  /** Returns which states and transitions of the chart of a kind were ever taken. */
  coverage(kind: ActorView['kind']): Coverage {
    requireOption('coverage.kind', kindRule, kind);
    return this.#input.charts[kind].coverage();
  }

  /** Returns one actor as it is now, with its context; `undefined` when there is none. */
  peek(kind: ActorView['kind'], id: string): ActorPeek | undefined {
    requireOption('peek.kind', kindRule, kind);
    const { children, root } = this.#input;
    const { value, context } = (kind === 'supervisor' ? root : children.named(kind, id))?.getSnapshot() ?? {};
    if (value === undefined) return undefined;
    return kind === 'monitor' || kind === 'service'
      ? { value, context, restsOn: this.#input.graph.requirementsOf(id) }
      : { value, context };
  }

  /** Returns the description of one actor; `undefined` when there is none. */
  describe<TKind extends ActorView['kind']>(kind: TKind, id: string): ActorDescriptions[TKind] | undefined {
    const context = this.peek(kind, id)?.context;
    // An actor of a kind has the context of that kind.
    return context === undefined ? undefined : describeContext(kind, context as never);
  }

  /** Calls `observer` with XState's own inspection events of every actor, until the returned function is called. */
  inspect(observer: (event: InspectionEvent) => void): () => void {
    requireOption('inspect.observer', inspectorRule, observer);
    const { unsubscribe } = this.#input.root.system.inspect((event) => {
      // An error thrown in here would come out of the `send` of the observed actor.
      try {
        observer(event);
      } catch {}
    });
    return unsubscribe;
  }
}
