import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ObservedStep } from '../observed/observedStep.ts';
import { type SendableEvent, sendableActor } from '../observed/sendableActor.ts';
import type { XStateInspection } from '../observed/xstateInspection.ts';
import type { ShownActor } from '../protocol/shownActor.ts';
import { inspectionsOf } from './inspections.ts';
import { MachineCharts } from './machineCharts.ts';
import { stepsOf } from './xstateSteps.ts';

/** The part of an XState actor that the inspector looks at. Any actor of `createActor` has it. */
export interface XStateActor {
  readonly id: string;
  readonly sessionId: string;
  getSnapshot(): unknown;
  stop?(): unknown;
  send?(event: SendableEvent): void;
  /** Logic of the actor; a machine has its chart in it. */
  readonly logic?: unknown;
  readonly system?: {
    inspect?(observer: (told: XStateInspection) => void): { unsubscribe(): void };
    getSnapshot?(): unknown;
  };
}

/** Limits of depth and number of actors, so that a program that starts actors without end can still be shown. */
const deepest = 32;
const mostActors = 100_000;

/** Adapts a plain XState program to the inspector: its root actor and all children, by their snapshots. */
export function xstateSupervisor(root: XStateActor): InspectedSupervisor {
  const charts = new MachineCharts();
  return {
    name: root.id,
    // A plain program tells nothing of itself; what its actors go through shows in their states.
    events$: { subscribe: () => ({ unsubscribe: () => {} }) },
    actors: () => shownActors(root, charts),
    chartOf: (kind) => charts.chartOf(kind),
    observe: (sessionId, observer) => observeSteps(root, sessionId, observer),
    inspect: (observer) => inspectSafely(root, observer),
    reach: (sessionId) => {
      const actor = findActor(root, sessionId);
      return actor === undefined ? undefined : sendableActor(actor);
    },
    stats: () => ({ lost: nothingLost, sessions: { open: 0, taken: 0 }, notifiers: { open: 0 } }),
    monitorOf: () => undefined,
    drain: () => {
      root.stop?.();
      return Promise.resolve(undefined);
    },
  };
}

const nothingLost = {
  coalesced: 0,
  dropped: 0,
  stalled: 0,
  deliveriesFailed: 0,
  refused: 0,
  admitsFailed: 0,
  checksFailed: 0,
  actorsFailed: 0,
  lawsViolated: 0,
  verdictsDiscarded: 0,
};

type Found = { readonly actor: XStateActor; readonly path: string; readonly snapshot: SnapshotShape };

function* actorsOf(root: XStateActor): Generator<Found> {
  const waiting: { actor: XStateActor; path: string; depth: number }[] = [{ actor: root, path: root.id, depth: 0 }];
  let seen = 0;
  for (let next = waiting.shift(); next !== undefined && seen < mostActors; next = waiting.shift()) {
    const { actor, path, depth } = next;
    const snapshot = shapeOf(actor.getSnapshot());
    seen += 1;
    yield { actor, path, snapshot };
    if (depth === deepest) continue;
    for (const child of Object.values(snapshot.children)) {
      if (isActor(child)) waiting.push({ actor: child, path: `${path}/${child.id}`, depth: depth + 1 });
    }
  }
}

function* shownActors(root: XStateActor, charts: MachineCharts): Generator<ShownActor> {
  for (const { actor, path, snapshot } of actorsOf(root)) {
    yield {
      actorId: actor.sessionId,
      kind: charts.kindOf(actor.logic),
      id: path,
      value: snapshot.status === 'active' ? (snapshot.value ?? 'active') : snapshot.status,
      ...(snapshot.status === 'error'
        ? { health: 'error' }
        : snapshot.status === 'active'
          ? {}
          : { health: 'stopped' }),
    };
  }
}

function findActor(root: XStateActor, sessionId: string): XStateActor | undefined {
  for (const { actor } of actorsOf(root)) if (actor.sessionId === sessionId) return actor;
  return undefined;
}

/** Every actor of the program pays while one is looked at: XState tells inspectors of all of them. */
function observeSteps(root: XStateActor, sessionId: string, observer: (step: ObservedStep) => void): () => void {
  const scheduled = () => {
    const seen = (root.system?.getSnapshot?.() ?? {}) as Record<
      '_scheduledEvents' | '_scheduledTimers',
      Record<string, unknown> | undefined
    >;
    // The first is XState 5's, the second XState 6's.
    return seen._scheduledEvents ?? seen._scheduledTimers ?? {};
  };
  return inspectSafely(root, stepsOf(sessionId, scheduled, observer));
}

function inspectSafely({ system }: XStateActor, hear: (told: XStateInspection) => void): () => void {
  const subscription = system?.inspect?.((told) => {
    // What is thrown in here would come out of the `send` of the actor that is looked at.
    try {
      for (const each of inspectionsOf(told)) hear(each);
    } catch {}
  });
  return () => subscription?.unsubscribe();
}

type SnapshotShape = {
  readonly status: string;
  readonly value?: ShownActor['value'];
  readonly children: Readonly<Record<string, unknown>>;
};

/** Promises, callbacks and observables are actors too, and have neither a state nor children. */
function shapeOf(snapshot: unknown): SnapshotShape {
  const { status = 'active', value, children = {} } = (snapshot ?? {}) as Partial<SnapshotShape>;
  const isState = typeof value === 'string' || (typeof value === 'object' && value !== null);
  return { status, children, ...(isState ? { value } : {}) };
}

function isActor(value: unknown): value is XStateActor {
  return typeof value === 'object' && value !== null && 'sessionId' in value && 'getSnapshot' in value;
}
