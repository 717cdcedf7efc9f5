import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type ActorStatus, actorStatuses, problemStatuses, statusAt, statusProperties } from '../store/actorStatus.ts';
import { groupsOf } from '../store/groups.ts';
import { usePage } from '../store/page.ts';
import { count } from '../ui/format.ts';
import { StatusIcon } from '../ui/statusIcon.tsx';
import type { MosaicLayout } from './mosaicLayout.ts';
import { MosaicPainter } from './mosaicPainter.ts';

/** Space around the cells, on both sides together, in pixels. */
const inset = 28;

/** Bounds of the height of the mosaic, in pixels and as a share of the pane. */
const leastHeight = 120;
const share = 0.44;

/** One cell for each actor, grouped; the healthy are dim, so that the others show. */
export function Mosaic() {
  const { actors, view } = usePage();
  const { actorsVersion, statusVersion } = actors;
  const { theme } = view.choices;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<MosaicPainter>(undefined);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [layout, setLayout] = useState<MosaicLayout>();
  const [hovered, setHovered] = useState<{ slot: number; x: number; y: number }>();
  const groups = useMemo(() => groupsOf(actors).filter(({ kind }) => kind !== 'supervisor'), [actors, actorsVersion]);

  useEffect(() => {
    const element = box.current;
    const pane = element?.parentElement;
    if (element === null || pane == null) return;
    const observer = new ResizeObserver(() => {
      const most = Number.parseFloat(getComputedStyle(element).maxHeight);
      const room = most > leastHeight ? Math.min(most, pane.clientHeight * share) : pane.clientHeight * share;
      setSize({ width: element.clientWidth - inset, height: Math.floor(room) - inset });
    });
    observer.observe(pane);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (canvas.current === null || size.width <= 0) return;
    painter.current ??= new MosaicPainter(canvas.current, actors);
    setLayout(painter.current.lay(groups, size.width, size.height));
    setHovered(undefined);
  }, [groups, size, theme, actors]);

  useEffect(() => {
    const forget = actors.onChange((slot) => painter.current?.note(slot, problemStatuses.size > 0));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = view.scheduler.onPaint(() => {
      clearTimeout(timer);
      if (painter.current?.paintChanges()) timer = setTimeout(view.scheduler.request, 300);
    });
    return () => {
      forget();
      stop();
      clearTimeout(timer);
    };
  }, [actors, view]);

  const heads = useMemo(
    () => groups.map(({ slots }) => countsOf(slots, actors.statuses)),
    [groups, actors, statusVersion],
  );
  const slotUnder = (event: MouseEvent) => painter.current?.slotAt(event.offsetX, event.offsetY);
  return (
    <section
      class="mosaic"
      ref={box}
      aria-label="Mosaic"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer must be able to scroll it.
      tabIndex={0}
      style={{ height: `${Math.max(leastHeight, (layout?.height ?? 0) + inset)}px` }}
    >
      <div class="mosaic-field">
        <canvas
          ref={canvas}
          role="img"
          aria-label={summary(
            actors.size,
            Uint32Array.from(actorStatuses, (_, number) => actors.statusCount(number)),
          )}
          onMouseMove={(event) => {
            const slot = slotUnder(event);
            setHovered(slot === undefined ? undefined : { slot, x: event.offsetX, y: event.offsetY });
          }}
          onMouseLeave={() => setHovered(undefined)}
          onClick={(event) => {
            const slot = slotUnder(event);
            if (slot !== undefined) view.choose({ selected: actors.rows[slot]?.actorId });
          }}
        />
        {layout?.blocks.map(({ group, x, y, width }) => {
          const shown = groups[group];
          if (shown === undefined) return null;
          return (
            <div class="mosaic-head" key={shown.key} style={{ left: `${x}px`, top: `${y}px`, width: `${width}px` }}>
              <span class="mosaic-name">{shown.label}</span>
              {width > 180 && <span class="soft">{count(shown.slots.length)}</span>}
              <span class="mosaic-problems">
                {worstOf(heads[group], width < 200 ? 2 : 5).map(({ status, some }) => (
                  <span key={status} class={`says-${status}`} title={statusProperties[status].label}>
                    <StatusIcon status={status} size={9} /> {count(some)}
                  </span>
                ))}
              </span>
            </div>
          );
        })}
        {hovered !== undefined && <Hint slot={hovered.slot} x={hovered.x} y={hovered.y} width={size.width} />}
      </div>
    </section>
  );
}

function Hint({
  slot,
  x,
  y,
  width,
}: {
  readonly slot: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}) {
  const { actors } = usePage();
  const actor = actors.rows[slot];
  if (actor === undefined) return null;
  const status = statusAt(actors.statuses[slot] ?? 0);
  return (
    <div
      class="hint"
      style={{ left: `${Math.min(x + 12, width - 190)}px`, top: `${y > leastHeight / 2 ? y - 58 : y + 14}px` }}
    >
      <b>{actor.name}</b>
      <span class={`says-${status}`}>
        <StatusIcon status={status} size={9} /> {actors.stateLabelOf(slot)}
      </span>
    </div>
  );
}

function countsOf(slots: readonly number[], column: Uint8Array): Uint32Array {
  const counts = new Uint32Array(actorStatuses.length);
  for (const slot of slots) {
    const status = column[slot] ?? 0;
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

/** The worst problems of a group, at most `most` of them. */
function worstOf(counts: Uint32Array | undefined, most: number): { status: ActorStatus; some: number }[] {
  return actorStatuses
    .map((status, number) => ({ status, some: counts?.[number] ?? 0 }))
    .filter(({ status, some }) => some > 0 && statusProperties[status].isProblem)
    .slice(0, most);
}

function summary(size: number, counts: Uint32Array): string {
  const parts = actorStatuses.flatMap((status, number) => {
    const heads = counts[number] ?? 0;
    return heads === 0 ? [] : [`${count(heads)} ${statusProperties[status].label.toLowerCase()}`];
  });
  return `${count(size)} actors: ${parts.join(', ')}`;
}
