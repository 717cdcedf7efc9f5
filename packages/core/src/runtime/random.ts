/** A draw that never throws: who has others to look after must not die of its source of chance. */
export function drawSafely(random: () => number): number {
  try {
    return random();
  } catch {
    return 0.5;
  }
}
