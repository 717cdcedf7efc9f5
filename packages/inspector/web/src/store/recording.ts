import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { ActorDetail } from '../../../src/describe/describeActor.ts';
import type { ShownKind } from '../../../src/protocol/serverMessage.ts';
import type { JournalEntry } from '../../../src/record/journalEntry.ts';
import type { Step } from '../../../src/record/step.ts';
import { type Standing, standingAt, standings } from './actorStatus.ts';
import type { Population, Resident } from './actors.ts';
import type { Focus, Passage } from './selectedActor.ts';

const format = 'watchkeeper.recording';

/** The past of one actor, as a file keeps it. Whatever is in it was on the page before: it holds no secret. */
export type Recording = {
  readonly format: typeof format;
  readonly version: 1;
  readonly app: string;
  /** When it was made, by the program's clock, in epoch milliseconds. */
  readonly at: number;
  readonly actor: {
    readonly kind: ShownKind;
    readonly name: string;
    readonly actorId: string;
    /** The active states at the end. */
    readonly value: Step['value'];
    readonly standing: Standing;
  };
  /** The chart, of an actor whose definition is not ours. */
  readonly graph?: ChartGraph;
  readonly from: Step['value'] | undefined;
  readonly steps: readonly Step[];
  readonly entries: readonly JournalEntry[];
  readonly passages: readonly Passage[];
  readonly detail: ActorDetail | undefined;
};

/** What is known of the past of the actor that is looked at. */
export function recordingOf(
  population: Population,
  { from, steps, entries, passages, detail }: Focus,
  { kind, name, actorId, slot }: Resident,
  graph?: ChartGraph,
): Recording {
  return {
    format,
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

/** A file is no recording that this page can read; the message says why. */
export class NoRecordingError extends Error {
  readonly code = 'NO_RECORDING';
}

/**
 * Reads a recording from a file.
 *
 * @throws {@link NoRecordingError} when it is none.
 */
export function readRecording(text: string): Recording {
  const said = parsed(text);
  if (said?.format !== format) throw new NoRecordingError('This file is no recording of an actor.');
  if (said.version !== 1) throw new NoRecordingError('This recording was made by a newer inspector.');
  const { actor, steps, entries, passages } = said;
  const lists = [steps, entries, passages].every(Array.isArray);
  if (!lists || typeof actor?.name !== 'string' || !standings.includes(actor.standing)) {
    throw new NoRecordingError('This recording is incomplete.');
  }
  return said;
}

function parsed(text: string): Recording | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Recording) : undefined;
  } catch {
    return undefined;
  }
}
