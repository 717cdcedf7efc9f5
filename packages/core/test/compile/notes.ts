const kept: unknown[] = [];
const FUSE = 80;
let burnt = 0;

/** Writes down that something happened, in order. */
export function note(what: string, detail?: unknown): void {
  kept.push(detail === undefined ? what : [what, detail]);
}

/** Ends a random machine that would talk to itself for ever. */
export function burn(): void {
  if (++burnt > FUSE) throw new Error('the fuse has burnt');
}

/** What was written down since the last time. */
export function takeNotes(): unknown[] {
  burnt = 0;
  return kept.splice(0);
}
