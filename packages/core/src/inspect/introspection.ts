import type { AnyActorRef, InspectionEvent } from 'xstate';
import type { MonitorGraph } from '../aggregate/monitorGraph.ts';
import type { Coverage } from '../compile/coverage.ts';
import type { TransitionObserver } from '../compile/perActor/observation.ts';
import { watchUntil } from '../compile/perActor/watchTransitions.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { MonitorChild } from '../monitor/monitorMachine.ts';
import type { CompiledCharts } from '../supervisor/charts.ts';
import type { Actors } from '../supervisor/children.ts';
import { type ActorChanges, ChangeTracker, type ViewedActors, viewsOf } from './actorChanges.ts';
import type { ActorPeek, ActorView } from './actorView.ts';

/** What there is to look at. */
export type IntrospectionInput = {
  readonly charts: CompiledCharts;
  readonly actors: Actors;
  readonly ground: MonitorGraph;
  /** The supervisor's own actor. */
  readonly root: AnyActorRef & { getSnapshot(): ActorPeek };
  readonly faceOf: (child: MonitorChild) => Monitor;
  readonly supervisor: () => Pick<ActorView, 'id' | 'health'>;
};

/** All ways to look at the actors of one supervisor from outside. None of them costs anything while nobody looks. */
export class Introspection {
  readonly #input: IntrospectionInput;
  readonly #watched: ViewedActors;

  constructor(input: IntrospectionInput) {
    const { actors, root, faceOf, supervisor } = input;
    this.#input = input;
    this.#watched = {
      actors,
      faceOf,
      supervisor: () => ({
        actorId: 'supervisor',
        kind: 'supervisor',
        value: root.getSnapshot().value,
        ...supervisor(),
      }),
    };
  }

  /** Every actor as it is now, the supervisor first. */
  all(): Iterable<ActorView> {
    return viewsOf(this.#watched);
  }

  /** Answers a function that tells what became of the actors since its last call. */
  watch(): () => ActorChanges {
    const watch = new ChangeTracker(this.#watched);
    return () => watch.next();
  }

  /** Tells of every event one actor answers, until the answer is called. */
  observe(actorId: string, observer: TransitionObserver): () => void {
    const { actors, root } = this.#input;
    const actor = actorId === 'supervisor' ? root : actors.actorOf(actorId);
    return actor === undefined ? () => {} : watchUntil(actor, observer);
  }

  /** Which states and transitions of the chart of a kind were ever taken. */
  coverage(kind: ActorView['kind']): Coverage {
    return this.#input.charts[kind].coverage();
  }

  /** One actor as it is now, with what it remembers. */
  peek(kind: ActorView['kind'], id: string): ActorPeek | undefined {
    const { actors, root } = this.#input;
    const { value, context } = (kind === 'supervisor' ? root : actors.named(kind, id))?.getSnapshot() ?? {};
    if (value === undefined) return undefined;
    return kind === 'monitor' ? { value, context, restsOn: this.#input.ground.requirementsOf(id) } : { value, context };
  }

  /** Tells XState's own inspection events of every actor, until the answer is called. */
  inspect(observer: (event: InspectionEvent) => void): () => void {
    const { unsubscribe } = this.#input.root.system.inspect((event) => {
      // What is thrown in here would come out of the `send` of the actor that is looked at.
      try {
        observer(event);
      } catch {}
    });
    return unsubscribe;
  }
}
