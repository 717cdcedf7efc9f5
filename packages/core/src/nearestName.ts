/** A longer name is nobody's slip of the finger, and would cost its length times that of each known one. */
const longestName = 60;

/** Returns the known name that is nearest to `name`, or `undefined` where none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > longestName) return undefined;
  const written = name.toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(2, Math.ceil(written.length / 3));
  for (const each of known) {
    const edits = editsBetween(written, each.toLowerCase());
    if (edits > least || (edits === least && nearest !== undefined)) continue;
    least = edits;
    nearest = each;
  }
  return nearest ?? known.find((each) => isPartOf(written, each.toLowerCase()));
}

/** Whether one name is the other with something left out at an end: `interval` of `intervalMs`. */
function isPartOf(written: string, each: string): boolean {
  return written.length >= 4 && (each.startsWith(written) || each.endsWith(written) || written.startsWith(each));
}

/** Returns how many letters must be put in, taken out, changed or swapped with their neighbour (Damerau, Levenshtein). */
function editsBetween(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const present = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const changed = Number(from[row - 1] !== to[column - 1]);
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      present[column] = Math.min(
        at(last, column) + 1,
        at(present, column - 1) + 1,
        at(last, column - 1) + changed,
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = present;
  }
  return at(last, to.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
