import { describe, expect, it } from 'vitest';
import { layMosaic } from '../web/src/overview/mosaicLayout.ts';

describe('the layout of the mosaic', () => {
  it('has cells with names while there is room, and smaller ones until all fit', () => {
    expect(layMosaic([4, 3], 800, 400).cellWidth).toBeGreaterThan(100);
    const large = layMosaic([1_250, 1_250, 1_250, 1_250, 240], 800, 300);
    expect(large.cellWidth).toBeLessThan(10);
    expect(large.height).toBeLessThanOrEqual(300);
    expect(layMosaic([500_000], 300, 100).cellWidth).toBe(2);
  });
});
