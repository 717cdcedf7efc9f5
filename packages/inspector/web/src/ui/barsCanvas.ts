import type { Population } from '../store/actors.ts';
import { noBar } from '../store/statusHistory.ts';
import { colourOf } from './colours.ts';

/** Draws the last `count` seconds of one actor as bars, the present at the right. */
export function barsCanvas(canvas: HTMLCanvasElement, population: Population, slot: number, count: number): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const width = canvas.clientWidth * scale;
  const height = canvas.clientHeight * scale;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  context.clearRect(0, 0, width, height);
  const bars = population.history.read(slot, population.standings[slot] ?? 0, population.now, count);
  const step = width / count;
  for (const [index, standing] of bars.entries()) {
    const isKnown = standing !== noBar;
    context.fillStyle = isKnown ? colourOf(standing) : colourOf('none');
    const inset = isKnown ? 0 : height / 3;
    context.fillRect(Math.round(index * step), inset, Math.max(1, step * 0.68), height - inset * 2);
  }
}
