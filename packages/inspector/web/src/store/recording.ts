import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { ActorDetail } from '../../../src/protocol/actorDetail.ts';
import type { JournalEntry } from '../../../src/protocol/journalEntry.ts';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import type { Step } from '../../../src/protocol/step.ts';
import { type ActorStatus, actorStatuses } from './actorStatus.ts';
import type { VisitedState } from './visitedState.ts';

export const recordingFormat = 'watchkeeper.recording';

/** Recording of the past of one actor, as it is saved in a file. Everything in it was on the page, so it holds no secret. */
export type Recording = {
  readonly format: typeof recordingFormat;
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
    readonly status: ActorStatus;
  };
  /** The chart, of an actor whose definition is not ours. */
  readonly graph?: ChartGraph;
  readonly from: Step['value'] | undefined;
  readonly steps: readonly Step[];
  readonly entries: readonly JournalEntry[];
  readonly visitedStates: readonly VisitedState[];
  readonly detail: ActorDetail | undefined;
};

/** Error for a file that is no recording this page can read; the message says why. */
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
  if (said?.format !== recordingFormat) throw new NoRecordingError('This file is no recording of an actor.');
  if (said.version !== 1) throw new NoRecordingError('This recording was made by a newer inspector.');
  const { actor, steps, entries, visitedStates } = said;
  const lists = [steps, entries, visitedStates].every(Array.isArray);
  if (!lists || typeof actor?.name !== 'string' || !actorStatuses.includes(actor.status)) {
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
