import type { ActorStatus } from '../store/actorStatus.ts';

/** SVG path of the icon of each status, on a field of 12 by 12, so that colour is never the only sign. */
const outlines: Readonly<Record<ActorStatus, { d: string; open?: true }>> = {
  error: { d: 'M2.2 2.2 9.8 9.8M9.8 2.2 2.2 9.8', open: true },
  unhealthy: { d: 'M2 2h8v8H2z' },
  stale: { d: 'M2.2 1.6h7.6L6 6l3.8 4.4H2.2L6 6z' },
  reconnecting: { d: 'M9.6 7.4A4 4 0 1 1 9.3 3.8M9.8 1.2v3H6.9', open: true },
  starting: { d: 'M6 1.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4M6 3.8V6l1.6 1', open: true },
  degraded: { d: 'M6 1.4 11.2 10.4H.8z' },
  draining: { d: 'M6 1.4v8M2.4 6 6 9.6 9.6 6', open: true },
  healthy: { d: 'M6 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8z' },
  paused: { d: 'M3 2h2v8H3zM7 2h2v8H7z' },
  stopped: { d: 'M2.6 2.6h6.8v6.8H2.6z', open: true },
};

/** Paints the icon of a status at the origin of the canvas, in its fill colour. */
export function paintStatusIcon(context: CanvasRenderingContext2D, status: ActorStatus): void {
  const { d, open } = outlines[status];
  const shape = new Path2D(d);
  context.lineWidth = 1.9;
  context.lineCap = 'round';
  context.strokeStyle = context.fillStyle;
  if (open) context.stroke(shape);
  else context.fill(shape);
}

/** Icon of a status. Its name must stand beside it. */
export function StatusIcon({ status, size = 12 }: { readonly status: ActorStatus; readonly size?: number }) {
  const { d, open } = outlines[status];
  return (
    <svg class={`status-icon is-${status}`} viewBox="0 0 12 12" width={size} height={size} aria-hidden="true">
      <path d={d} class={open ? 'status-icon-open' : 'status-icon-full'} />
    </svg>
  );
}
