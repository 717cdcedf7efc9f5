import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import { standingAt } from '../store/actorStatus.ts';
import type { Population, Resident } from '../store/actors.ts';
import { type Recording, recordingFormat } from '../store/recording.ts';
import type { Focus } from '../store/selectedActor.ts';

/** What is known of the past of the actor that is looked at. */
export function recordingOf(
  population: Population,
  { from, steps, entries, passages, detail }: Focus,
  { kind, name, actorId, slot }: Resident,
  graph?: ChartGraph,
): Recording {
  return {
    format: recordingFormat,
    version: 1,
    app: population.app,
    at: population.now,
    actor: {
      kind,
      name,
      actorId,
      value: population.statesOf(slot),
      standing: standingAt(population.standings[slot] ?? 0),
    },
    ...(graph === undefined ? {} : { graph }),
    from,
    steps,
    entries,
    passages,
    detail,
  };
}
