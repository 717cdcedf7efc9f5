import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Group, groupsOf } from '../store/groups.ts';
import { usePage } from '../store/page.ts';
import { useThrottledRender } from '../store/renderScheduler.ts';
import { useListKeys } from '../ui/keyboard.ts';
import { Filters } from './filters.tsx';
import { ListRow, rowHeight } from './listRow.tsx';
import { useRowBars } from './rowBars.ts';
import { nextProblem, type Row, rowsOf } from './rows.ts';

/** Shortest time between two changes of the order, in milliseconds: rows that jump cannot be read. */
const reorderMs = 700;

/** List of all actors, the worst first. Only the rows in sight are rendered. */
export function ActorList() {
  const { actors, view } = usePage();
  useThrottledRender(view.scheduler, 100);
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(600);
  const [cursor, setCursor] = useState(-1);
  const hovers = useRef(false);
  const rows = useRows(hovers);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - 4);
  const inSight = rows.slice(first, Math.ceil((scrollTop + height) / rowHeight) + 4);
  const bars = useRowBars(inSight);

  const show = (index: number) => {
    setCursor(index);
    const element = scroller.current;
    if (element === null) return;
    const top = index * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight;
    }
  };
  const open = (row: Row | undefined) => {
    if (row === undefined) return;
    if (row.type === 'actor') {
      const { selected } = view.choices;
      const actorId = actors.rows[row.slot]?.actorId;
      return view.choose({ selected: actorId === selected ? undefined : actorId });
    }
    view.choose({ folds: new Map(view.choices.folds).set(row.group.key, !row.open) });
  };
  useListKeys({
    move: (by) => show(Math.min(rows.length - 1, Math.max(0, cursor + by))),
    toEnd: (end) => show(end === 'first' ? 0 : rows.length - 1),
    open: () => open(rows[cursor]),
    nextProblem: () => {
      const index = nextProblem(rows, actors, cursor);
      const row = rows[index];
      if (row?.type !== 'actor') return;
      show(index);
      view.choose({ selected: actors.rows[row.slot]?.actorId });
    },
  });

  const shown = rows.reduce((sum, row) => sum + heads(row), 0);
  return (
    <nav class="list" id="list" aria-label="Actors">
      <Filters shown={shown} />
      <div
        class="rows"
        ref={scroller}
        role="tree"
        aria-label="Actors, worst first"
        tabIndex={0}
        aria-activedescendant={cursor >= first && cursor < first + inSight.length ? `row-${cursor}` : undefined}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
        onPointerEnter={() => {
          hovers.current = true;
        }}
        onPointerLeave={() => {
          hovers.current = false;
        }}
      >
        <div class="rows-height" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
          {inSight.map((row, offset) => (
            <ListRow
              key={row.type === 'group' ? row.group.key : row.slot}
              row={row}
              index={first + offset}
              isCursor={first + offset === cursor}
              bars={bars}
              onOpen={() => {
                setCursor(first + offset);
                open(row);
              }}
            />
          ))}
        </div>
        {rows.length === 0 && (
          <p class="nothing">{actors.ready ? 'No actor is like that.' : 'Waiting for the first actors …'}</p>
        )}
      </div>
    </nav>
  );
}

/** Returns the number of actors a row adds to the count: all for a group, none for an actor inside of one. */
function heads(row: Row): number {
  if (row.type === 'group') return row.shown;
  return row.isGrouped ? 0 : 1;
}

/** Returns the rows for the current choices; they keep their places while the pointer is among them. */
function useRows(hovers: { readonly current: boolean }): readonly Row[] {
  const { actors, view } = usePage();
  const { actorsVersion } = actors;
  const groups = useMemo((): readonly Group[] => groupsOf(actors), [actors, actorsVersion]);
  const built = useRef({ at: 0, statusVersion: -1, groups, choices: view.choices, rows: [] as readonly Row[] });
  const last = built.current;
  const now = performance.now();
  const isAsked = last.groups !== groups || last.choices !== view.choices || last.statusVersion === -1;
  const isDue = now - last.at > reorderMs && !hovers.current;
  const isNews = last.statusVersion !== actors.statusVersion || view.choices.state !== undefined;
  if (isAsked || (isDue && isNews)) {
    const rows = rowsOf(groups, actors, view.choices);
    built.current = { at: now, statusVersion: actors.statusVersion, groups, choices: view.choices, rows };
  }
  return built.current.rows;
}
