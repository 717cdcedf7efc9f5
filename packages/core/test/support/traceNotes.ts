const notes: unknown[] = [];
const MOST_CALLS = 80;
let calls = 0;

/** Adds something that happened to the trace of the run. */
export function note(what: string, detail?: unknown): void {
  notes.push(detail === undefined ? what : [what, detail]);
}

/** Throws after too many calls: ends a random machine that would send itself events for ever. */
export function limitCalls(): void {
  if (++calls > MOST_CALLS) throw new Error('too many calls');
}

/** The notes since the last call. */
export function takeNotes(): unknown[] {
  calls = 0;
  return notes.splice(0);
}
