type Point = readonly [x: number, y: number];

const bend = 7;

/** Returns an SVG path through `points` with rounded corners. */
export function edgePath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = [`M${first[0]} ${first[1]}`];
  for (const [index, corner] of rest.entries()) {
    const before = points[index] ?? corner;
    const after = rest[index + 1];
    if (after === undefined) {
      parts.push(`L${corner[0]} ${corner[1]}`);
      continue;
    }
    const [enter, leave] = [towards(corner, before), towards(corner, after)];
    parts.push(`L${enter[0]} ${enter[1]}Q${corner[0]} ${corner[1]} ${leave[0]} ${leave[1]}`);
  }
  return parts.join('');
}

/** Returns the point at which the bend at `corner` meets the line to `target`. */
function towards([x, y]: Point, [toX, toY]: Point): Point {
  const length = Math.hypot(toX - x, toY - y);
  const reach = length === 0 ? 0 : Math.min(bend, length / 2) / length;
  return [x + (toX - x) * reach, y + (toY - y) * reach];
}
