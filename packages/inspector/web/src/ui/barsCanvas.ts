import type { Actors } from '../store/actors.ts';
import { noBar } from '../store/statusHistory.ts';
import { colourOf } from './colours.ts';

/** Draws the last `count` seconds of one actor as bars, the present at the right. */
export function barsCanvas(canvas: HTMLCanvasElement, actors: Actors, slot: number, count: number): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const width = canvas.clientWidth * scale;
  const height = canvas.clientHeight * scale;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  context.clearRect(0, 0, width, height);
  const bars = actors.history.read(slot, actors.statuses[slot] ?? 0, actors.now, count);
  const step = width / count;
  for (const [index, status] of bars.entries()) {
    const isKnown = status !== noBar;
    context.fillStyle = isKnown ? colourOf(status) : colourOf('none');
    const inset = isKnown ? 0 : height / 3;
    context.fillRect(Math.round(index * step), inset, Math.max(1, step * 0.68), height - inset * 2);
  }
}
