import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { looks, problemNumbers, type Standing, standingAt, standings } from '../store/actorStatus.ts';
import { groupsOf } from '../store/groups.ts';
import { usePage } from '../store/page.ts';
import { count } from '../ui/format.ts';
import { Glyph } from '../ui/statusIcon.tsx';
import type { MosaicLayout } from './mosaicLayout.ts';
import { MosaicPainter } from './mosaicPainter.ts';

/** What surrounds the cells, on both sides together, in pixels. */
const inset = 28;

/** The mosaic takes what its cells need, between these bounds; the rest is the chart's. */
const leastHeight = 120;
const share = 0.44;

/** One cell for each actor, grouped; the healthy are dim, so that the others show. */
export function Mosaic() {
  const { population, view } = usePage();
  const { rosterVersion, standingVersion } = population;
  const { theme } = view.choices;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<MosaicPainter>(undefined);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [layout, setLayout] = useState<MosaicLayout>();
  const [hovered, setHovered] = useState<{ slot: number; x: number; y: number }>();
  const groups = useMemo(
    () => groupsOf(population).filter(({ kind }) => kind !== 'supervisor'),
    [population, rosterVersion],
  );

  useEffect(() => {
    const element = box.current;
    const centre = element?.parentElement;
    if (element === null || centre == null) return;
    const observer = new ResizeObserver(() => {
      const most = Number.parseFloat(getComputedStyle(element).maxHeight);
      const room = most > leastHeight ? Math.min(most, centre.clientHeight * share) : centre.clientHeight * share;
      setSize({ width: element.clientWidth - inset, height: Math.floor(room) - inset });
    });
    observer.observe(centre);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (canvas.current === null || size.width <= 0) return;
    painter.current ??= new MosaicPainter(canvas.current, population);
    setLayout(painter.current.lay(groups, size.width, size.height));
    setHovered(undefined);
  }, [groups, size, theme, population]);

  useEffect(() => {
    const forget = population.onChange((slot) => painter.current?.note(slot, problemNumbers.size > 0));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = view.pulse.onPaint(() => {
      clearTimeout(timer);
      if (painter.current?.paintChanges()) timer = setTimeout(view.pulse.request, 300);
    });
    return () => {
      forget();
      stop();
      clearTimeout(timer);
    };
  }, [population, view]);

  const heads = useMemo(
    () => groups.map(({ slots }) => countsOf(slots, population.standings)),
    [groups, population, standingVersion],
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
            population.size,
            Uint32Array.from(standings, (_, number) => population.standingCount(number)),
          )}
          onMouseMove={(event) => {
            const slot = slotUnder(event);
            setHovered(slot === undefined ? undefined : { slot, x: event.offsetX, y: event.offsetY });
          }}
          onMouseLeave={() => setHovered(undefined)}
          onClick={(event) => {
            const slot = slotUnder(event);
            if (slot !== undefined) view.choose({ selected: population.residents[slot]?.actorId });
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
                {worstOf(heads[group], width < 200 ? 2 : 5).map(({ standing, some }) => (
                  <span key={standing} class={`says-${standing}`} title={looks[standing].label}>
                    <Glyph standing={standing} size={9} /> {count(some)}
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
  const { population } = usePage();
  const resident = population.residents[slot];
  if (resident === undefined) return null;
  const standing = standingAt(population.standings[slot] ?? 0);
  return (
    <div
      class="hint"
      style={{ left: `${Math.min(x + 12, width - 190)}px`, top: `${y > leastHeight / 2 ? y - 58 : y + 14}px` }}
    >
      <b>{resident.name}</b>
      <span class={`says-${standing}`}>
        <Glyph standing={standing} size={9} /> {population.wordsOf(slot)}
      </span>
    </div>
  );
}

function countsOf(slots: readonly number[], column: Uint8Array): Uint32Array {
  const counts = new Uint32Array(standings.length);
  for (const slot of slots) {
    const standing = column[slot] ?? 0;
    counts[standing] = (counts[standing] ?? 0) + 1;
  }
  return counts;
}

/** The worst problems of a group, at most `most` of them. */
function worstOf(counts: Uint32Array | undefined, most: number): { standing: Standing; some: number }[] {
  return standings
    .map((standing, number) => ({ standing, some: counts?.[number] ?? 0 }))
    .filter(({ standing, some }) => some > 0 && looks[standing].isProblem)
    .slice(0, most);
}

function summary(size: number, counts: Uint32Array): string {
  const parts = standings.flatMap((standing, number) => {
    const heads = counts[number] ?? 0;
    return heads === 0 ? [] : [`${count(heads)} ${looks[standing].label.toLowerCase()}`];
  });
  return `${count(size)} actors: ${parts.join(', ')}`;
}
