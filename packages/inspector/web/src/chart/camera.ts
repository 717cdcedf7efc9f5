import { useEffect, useRef, useState } from 'preact/hooks';
import type { Box, Drawing } from '../../../src/chart/drawing.ts';
import { fittingDrawing } from './loadChart.ts';

/** Position and scale of the drawing in its pane. */
export type Camera = { readonly x: number; readonly y: number; readonly scale: number };

/** Everything a chart needs to be shown. */
export type Look = {
  readonly pane: { readonly current: SVGSVGElement | null };
  readonly drawing: Drawing;
  readonly camera: Camera;
  /** Whether a person has moved the camera by hand. */
  readonly isHeld: boolean;
  readonly fit: () => void;
};

/** Height of the tools below the drawing, in pixels. */
const toolsHeight = 44;

/** Returns the camera: it fits the drawing, or follows `focuses`, until the user drags or zooms. */
export function useCamera(drawings: readonly [Drawing, Drawing], focuses?: readonly [Box, Box]): Look {
  const pane = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState({ width: 800, height: 480 });
  const [held, setHeld] = useState<Camera>();
  const { drawing, scale } = fittingDrawing(drawings, size.width, size.height);
  const focus = focuses?.[drawing === drawings[0] ? 0 : 1];
  const camera = held ?? (focus === undefined ? centred(drawing, scale, size) : focused(drawing, focus, scale, size));
  const present = useRef(camera);
  present.current = camera;

  useEffect(() => {
    const element = pane.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight - toolsHeight }),
    );
    observer.observe(element);
    const forget = moveByHand(element, () => present.current, setHeld);
    return () => {
      observer.disconnect();
      forget();
    };
  }, []);
  useEffect(() => setHeld(undefined), [drawings]);
  return { pane, drawing, camera, isHeld: held !== undefined, fit: () => setHeld(undefined) };
}

type Size = { readonly width: number; readonly height: number };

function centred({ width, height }: Drawing, scale: number, size: Size): Camera {
  return { x: (size.width - width * scale) / 2, y: (size.height - height * scale) / 2, scale };
}

/** Returns the camera on `focus`, as large as it fits, with as little empty space as possible. */
function focused(drawing: Drawing, [x, y, width, height]: Box, least: number, size: Size): Camera {
  const scale = Math.max(least, Math.min(1, size.width / (width + 90), size.height / (height + 90)));
  const place = (room: number, whole: number, middle: number) =>
    whole * scale <= room - 40
      ? (room - whole * scale) / 2
      : Math.min(20, Math.max(room - whole * scale - 20, room / 2 - middle * scale));
  return {
    x: place(size.width, drawing.width, x + width / 2),
    y: place(size.height, drawing.height, y + height / 2),
    scale,
  };
}

/** Drag to move; wheel with a modifier key, or pinch, to zoom. A bare wheel still scrolls the page. */
function moveByHand(element: SVGSVGElement, present: () => Camera, hold: (camera: Camera) => void): () => void {
  let from: { x: number; y: number; camera: Camera } | undefined;
  const press = (event: PointerEvent) => {
    if (event.button === 0) from = { x: event.clientX, y: event.clientY, camera: present() };
  };
  const move = (event: PointerEvent) => {
    if (from === undefined || event.buttons === 0) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (Math.hypot(dx, dy) > 4) hold({ ...from.camera, x: from.camera.x + dx, y: from.camera.y + dy });
  };
  const release = () => {
    from = undefined;
  };
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { x, y, scale } = present();
    const { left, top } = element.getBoundingClientRect();
    const next = Math.min(2.5, Math.max(0.2, scale * Math.exp(-event.deltaY / 300)));
    const [px, py] = [event.clientX - left, event.clientY - top];
    hold({ scale: next, x: px - ((px - x) * next) / scale, y: py - ((py - y) * next) / scale });
  };
  element.addEventListener('pointerdown', press);
  element.addEventListener('pointermove', move);
  window.addEventListener('pointerup', release);
  element.addEventListener('wheel', wheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', press);
    element.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', release);
    element.removeEventListener('wheel', wheel);
  };
}
