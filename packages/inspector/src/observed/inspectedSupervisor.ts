import type {
  ActorChanges,
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
  /** Everything that happens from now on. */
  readonly events$: { subscribe(listener: (event: SupervisorEvent) => void): { unsubscribe(): void } };
  /** The same without the checks that passed; where it is missing, all are listened to. */
  readonly notable$?: InspectedSupervisor['events$'];
  /** Every actor as it is now. */
  actors(): Iterable<ShownActor>;
  /** Tells of every event one actor answers, until the function that is answered is called. */
  observe(actorId: string, observer: (step: ObservedStep) => void): () => void;
  /** The chart of a kind whose definition is not ours, where it is known. */
  chartOf?(kind: ShownKind): ChartGraph | undefined;
  /** One actor as it is now, with what it remembers; a program without it keeps that to itself. */
  peek?(kind: ShownKind, id: string): ActorPeek | undefined;
  /** What of the chart of a kind was ever taken; a program that does not know shows what was seen. */
  coverage?(kind: ShownKind): Coverage | undefined;
  /** Tells XState's own inspection events, until the answer is called; a program without it is not traced. */
  inspect?(observer: (told: XStateInspection) => void): () => void;
  /** A running actor that events can be sent to; a program without it takes none. */
  reach?(actorId: string): SendableActor | undefined;
  /** What became of the actors since the last call; a program that has none of it is looked at whole. */
  watchActors?(): () => ActorChanges;
  stats(): Pick<SupervisorStats, 'lost' | 'sessions' | 'notifiers'>;
  monitorOf(id: string): Pick<Monitor, 'status' | 'check' | 'pause' | 'resume' | 'stop'> | undefined;
  drain(): Promise<DrainReport | undefined>;
}
