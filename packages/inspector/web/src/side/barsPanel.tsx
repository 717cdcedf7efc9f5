import { useEffect, useRef } from 'preact/hooks';
import { problemStatuses } from '../store/actorStatus.ts';
import { usePage } from '../store/page.ts';
import { barsKept, noBar } from '../store/statusHistory.ts';
import { barsCanvas } from '../ui/barsCanvas.ts';

/** The last minute of one actor, a bar for each second. */
export function BarsPanel({ slot }: { readonly slot: number }) {
  const { actors, view } = usePage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = view.choices;
  useEffect(() => {
    const draw = () => canvas.current !== null && barsCanvas(canvas.current, actors, slot, barsKept);
    draw();
    const timer = setInterval(draw, 500);
    return () => clearInterval(timer);
  }, [actors, slot, theme]);
  const bars = actors.history.read(slot, actors.statuses[slot] ?? 0, actors.now, barsKept);
  const known = bars.filter((status) => status !== noBar);
  const up = known.filter((status) => !problemStatuses.has(status)).length;
  const words = known.length === 0 ? '' : `${((up * 100) / known.length).toFixed(1)}% up`;
  return (
    <section>
      <h2>
        Health <span class="soft">{words}</span>
      </h2>
      <canvas class="bars" ref={canvas} role="img" aria-label={`Health in the last minute: ${words}`} />
      <div class="bars-ends">
        <span>60 s ago</span>
        <span>now</span>
      </div>
    </section>
  );
}
