/** Block of one group on the mosaic, in pixels. */
export type Block = {
  readonly group: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly perRow: number;
};

/** Layout of the mosaic: size of a cell, and the block of each group. */
export type MosaicLayout = {
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly height: number;
  readonly blocks: readonly Block[];
};

export const headHeight = 24;
const gapX = 20;
const gapY = 18;
const leastBlockWidth = 130;

/** Sizes of a cell, from the largest, which shows a name, to the smallest that can still be seen. */
const cellSizes: readonly (readonly [width: number, height: number])[] = [
  [156, 34],
  ...[16, 13, 11, 9, 8, 7, 6, 5, 4, 3, 2].map((size) => [size, size] as const),
];

/** Lays a block for each group so that all fit into `width` by `height`, with cells as large as can be. */
export function layMosaic(sizes: readonly number[], width: number, height: number): MosaicLayout {
  const mostColumns = Math.max(1, Math.min(sizes.length, 8, Math.floor((width + gapX) / (leastBlockWidth + gapX))));
  for (const [cellWidth, cellHeight] of cellSizes) {
    for (let columns = cellWidth > 100 ? 1 : mostColumns; columns > 0; columns -= 1) {
      const layout = lay(sizes, width, columns, cellWidth, cellHeight);
      if (layout.height <= height) return layout;
    }
  }
  return lay(sizes, width, mostColumns, 2, 2);
}

function lay(
  sizes: readonly number[],
  width: number,
  columns: number,
  cellWidth: number,
  cellHeight: number,
): MosaicLayout {
  const blockWidth = Math.floor((width - gapX * (columns - 1)) / columns);
  const perRow = Math.max(1, Math.floor(blockWidth / cellWidth));
  const blocks: Block[] = [];
  let y = 0;
  for (let from = 0; from < sizes.length; from += columns) {
    const line = sizes.slice(from, from + columns);
    for (const [offset] of line.entries()) {
      blocks.push({ group: from + offset, x: offset * (blockWidth + gapX), y, width: blockWidth, perRow });
    }
    y += headHeight + Math.ceil(Math.max(...line) / perRow) * cellHeight + gapY;
  }
  return { cellWidth, cellHeight, height: Math.max(0, y - gapY), blocks };
}
