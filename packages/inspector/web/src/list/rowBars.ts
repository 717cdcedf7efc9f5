import { useEffect, useRef } from 'preact/hooks';
import { usePage } from '../store/page.ts';
import { barsCanvas } from '../ui/barsCanvas.ts';
import type { Row } from './rows.ts';

/** Takes the canvas of a row while it is in sight. */
export type RowBars = (slot: number, canvas: HTMLCanvasElement | null) => void;

/** Draws the bars of the rows in sight, once in a second and whenever other rows come into sight. */
export function useRowBars(inSight: readonly Row[]): RowBars {
  const { actors, view } = usePage();
  const canvases = useRef(new Map<number, HTMLCanvasElement>());
  useEffect(() => {
    const draw = () => {
      for (const [slot, canvas] of canvases.current) barsCanvas(canvas, actors, slot, 20);
    };
    draw();
    const timer = setInterval(draw, 1_000);
    return () => clearInterval(timer);
  }, [actors, view.choices.theme, inSight.map((row) => (row.type === 'actor' ? row.slot : '')).join()]);
  return (slot, canvas) => {
    if (canvas === null) canvases.current.delete(slot);
    else canvases.current.set(slot, canvas);
  };
}
