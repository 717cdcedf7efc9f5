import { problemStatuses, statusAt } from '../store/actorStatus.ts';
import type { Actors } from '../store/actors.ts';
import type { Group } from '../store/groups.ts';
import { shortName } from '../store/groups.ts';
import { colourOf } from '../ui/colours.ts';
import { paintStatusIcon } from '../ui/statusIcon.tsx';
import { headHeight, layMosaic, type MosaicLayout } from './mosaicLayout.ts';

/** Time for which a cell stays bright after a change, in milliseconds. */
const glowMs = 900;

/** Paints one cell for each actor, and afterwards only those that changed. */
export class MosaicPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #actors: Actors;
  #groups: readonly Group[] = [];
  #layout: MosaicLayout = layMosaic([], 1, 1);
  /** Position of each slot, as x and y. */
  #places = new Float32Array(0);
  readonly #dirty = new Set<number>();
  readonly #glowing = new Map<number, number>();
  #scale = 1;

  constructor(canvas: HTMLCanvasElement, actors: Actors) {
    this.#canvas = canvas;
    this.#actors = actors;
  }

  /** Lays all groups out in `width` by at least `height` pixels, and paints them. */
  lay(groups: readonly Group[], width: number, height: number): MosaicLayout {
    this.#groups = groups;
    this.#layout = layMosaic(
      groups.map(({ slots }) => slots.length),
      width,
      height,
    );
    this.#places = new Float32Array(this.#actors.rows.length * 2).fill(Number.NaN);
    for (const block of this.#layout.blocks) {
      for (const [index, slot] of (groups[block.group]?.slots ?? []).entries()) {
        this.#places[slot * 2] = block.x + (index % block.perRow) * this.#layout.cellWidth;
        this.#places[slot * 2 + 1] = block.y + headHeight + Math.floor(index / block.perRow) * this.#layout.cellHeight;
      }
    }
    this.#scale = Math.min(2, window.devicePixelRatio || 1);
    this.#canvas.width = width * this.#scale;
    this.#canvas.height = Math.max(1, this.#layout.height) * this.#scale;
    this.#canvas.style.height = `${this.#layout.height}px`;
    this.#paintAll();
    return this.#layout;
  }

  /** Notes that the actor in `slot` changed. */
  note(slot: number, glows: boolean): void {
    this.#dirty.add(slot);
    if (glows) this.#glowing.set(slot, performance.now() + glowMs);
  }

  #paintAll(): void {
    const context = this.#context();
    context?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    for (const { slots } of this.#groups) for (const slot of slots) this.#paint(context, slot, false);
    this.#dirty.clear();
  }

  /** Paints the cells that changed; returns whether some are still bright and need another frame. */
  paintChanges(): boolean {
    const context = this.#context();
    for (const slot of this.#dirty) this.#paint(context, slot, true);
    this.#dirty.clear();
    const now = performance.now();
    for (const [slot, until] of this.#glowing) {
      if (until > now) continue;
      this.#glowing.delete(slot);
      this.#paint(context, slot, true);
    }
    return this.#glowing.size > 0;
  }

  /** Returns the slot under a point of the canvas. */
  slotAt(x: number, y: number): number | undefined {
    const { cellWidth, cellHeight, blocks } = this.#layout;
    for (const { group, x: left, y: top, width, perRow } of blocks) {
      const column = Math.floor((x - left) / cellWidth);
      const line = Math.floor((y - top - headHeight) / cellHeight);
      if (x < left || x > left + width || column < 0 || column >= perRow || line < 0) continue;
      const slot = this.#groups[group]?.slots[line * perRow + column];
      if (slot !== undefined) return slot;
    }
    return undefined;
  }

  #context(): CanvasRenderingContext2D | null {
    const context = this.#canvas.getContext('2d');
    context?.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
    return context;
  }

  #paint(context: CanvasRenderingContext2D | null, slot: number, clears: boolean): void {
    const actor = this.#actors.rows[slot];
    const [x, y] = [this.#places[slot * 2], this.#places[slot * 2 + 1]];
    if (context === null || actor === undefined || x === undefined || y === undefined || Number.isNaN(x)) return;
    const { cellWidth, cellHeight } = this.#layout;
    const status = this.#actors.statuses[slot] ?? 0;
    const gap = cellWidth > 6 ? 2 : cellWidth > 3 ? 1 : 0.5;
    if (clears) context.clearRect(x, y, cellWidth, cellHeight);
    const isBright = problemStatuses.has(status) || this.#glowing.has(slot);
    if (cellWidth > 100) {
      this.#paintNamed(context, slot, x, y, isBright, shortName(actor));
      return;
    }
    context.globalAlpha = isBright ? 1 : dimness(status);
    context.fillStyle = colourOf(status);
    context.fillRect(x, y, cellWidth - gap, cellHeight - gap);
    context.globalAlpha = 1;
  }

  #paintNamed(
    context: CanvasRenderingContext2D,
    slot: number,
    x: number,
    y: number,
    isBright: boolean,
    name: string,
  ): void {
    const { cellWidth, cellHeight } = this.#layout;
    const status = this.#actors.statuses[slot] ?? 0;
    context.fillStyle = colourOf(status);
    context.globalAlpha = isBright ? 0.26 : 0.13;
    context.beginPath();
    context.roundRect(x + 0.5, y + 0.5, cellWidth - 8, cellHeight - 7, 6);
    context.fill();
    context.globalAlpha = 1;
    context.save();
    context.translate(x + 11, y + cellHeight / 2 - 9);
    paintStatusIcon(context, statusAt(status));
    context.restore();
    context.fillStyle = colourOf('text');
    context.font = '500 12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.fillText(shortened(context, name, cellWidth - 44), x + 29, y + cellHeight / 2 - 3);
  }
}

function dimness(status: number): number {
  return statusAt(status) === 'healthy' ? 0.42 : 0.7;
}

function shortened(context: CanvasRenderingContext2D, name: string, width: number): string {
  if (context.measureText(name).width <= width) return name;
  let end = name.length - 1;
  while (end > 1 && context.measureText(`${name.slice(0, end)}…`).width > width) end -= 1;
  return `${name.slice(0, end)}…`;
}
