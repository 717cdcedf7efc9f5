import type {
  ActorChanges,
  ActorDescriptions,
  ActorPeek,
  Coverage,
  DrainReport,
  Monitor,
  SupervisorEvent,
  SupervisorStats,
} from '@watchkeeper/core';
import type { ChartGraph } from '../chart/chartGraph.ts';
import type { ShownActor, ShownKind } from '../protocol/shownActor.ts';
import type { ObservedStep } from './observedStep.ts';
import type { SendableActor } from './sendableActor.ts';
import type { XStateInspection } from './xstateInspection.ts';

/** The part of a supervisor that the inspector looks at. Any `Supervisor` has it. */
export interface InspectedSupervisor {
  readonly name: string;
  /** Stream of all events from now on. */
  readonly events$: { subscribe(listener: (event: SupervisorEvent) => void): { unsubscribe(): void } };
  /** The same without checks that passed; without it `events$` is used. */
  readonly notable$?: InspectedSupervisor['events$'];
  /** Returns every actor as it is now. */
  actors(): Iterable<ShownActor>;
  /** Calls `observer` with every event that one actor handles; returns a function that ends it. */
  observe(actorId: string, observer: (step: ObservedStep) => void): () => void;
  /** Returns the chart of a kind of a plain XState program, where it is known. */
  chartOf?(kind: ShownKind): ChartGraph | undefined;
  /** Returns what an actor goes by: limits, notices, times; without this method nothing of that is shown. */
  describe?<TKind extends keyof ActorDescriptions>(kind: TKind, id: string): ActorDescriptions[TKind] | undefined;
  /** Returns one actor as it is now; without this method no state and no dependency is shown. */
  peek?(kind: ShownKind, id: string): ActorPeek | undefined;
  /** Returns the coverage of the chart of a kind; without this method only what a page saw is shown. */
  coverage?(kind: ShownKind): Coverage | undefined;
  /** Calls `observer` with XState's inspection events; returns a function that ends it. Without this method there are no traces. */
  inspect?(observer: (told: XStateInspection) => void): () => void;
  /** Returns a running actor that events can be sent to; without this method no events can be sent. */
  reach?(actorId: string): SendableActor | undefined;
  /** Returns a function that returns the changes since its last call; without this method all actors are read in each tick. */
  watchActors?(): () => ActorChanges;
  stats(): Pick<SupervisorStats, 'lost' | 'sessions' | 'notifiers'>;
  monitorOf(id: string): Pick<Monitor, 'status' | 'check' | 'pause' | 'resume' | 'stop'> | undefined;
  drain(): Promise<DrainReport | undefined>;
}
