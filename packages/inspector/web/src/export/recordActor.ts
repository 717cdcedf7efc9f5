import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import { statusAt } from '../store/actorStatus.ts';
import type { ActorRow, Actors } from '../store/actors.ts';
import { type Recording, recordingFormat } from '../store/recording.ts';
import type { SelectedActor } from '../store/selectedActor.ts';

/** Returns a recording of the selected actor. */
export function recordActor(
  actors: Actors,
  { from, steps, entries, visitedStates, detail }: SelectedActor,
  { kind, name, actorId, slot }: ActorRow,
  graph?: ChartGraph,
): Recording {
  return {
    format: recordingFormat,
    version: 1,
    app: actors.app,
    at: actors.now,
    actor: {
      kind,
      name,
      actorId,
      value: actors.statesOf(slot),
      status: statusAt(actors.statuses[slot] ?? 0),
    },
    ...(graph === undefined ? {} : { graph }),
    from,
    steps,
    entries,
    visitedStates,
    detail,
  };
}
