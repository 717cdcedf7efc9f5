import { describe, expect, it } from 'vitest';
import { edgePath } from '../web/src/chart/edgePath.ts';

describe('edgePath', () => {
  it('goes through its points with rounded corners', () => {
    expect(
      edgePath([
        [0, 0],
        [0, 40],
        [40, 40],
      ]),
    ).toBe('M0 0L0 33Q0 40 7 40L40 40');
    expect(edgePath([])).toBe('');
  });
});
