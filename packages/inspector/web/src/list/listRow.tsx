import { statusAt, statusProperties } from '../store/actorStatus.ts';
import { shortName } from '../store/groups.ts';
import { usePage } from '../store/page.ts';
import { count } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { StatusStrip } from '../ui/statusBar.tsx';
import { StatusIcon } from '../ui/statusIcon.tsx';
import type { RowBars } from './rowBars.ts';
import type { Row } from './rows.ts';

/** Height of a row, in pixels; the style sheet has the same. */
export const rowHeight = 29;

type ListRowInput = {
  readonly row: Row;
  readonly index: number;
  readonly isCursor: boolean;
  readonly bars: RowBars;
  readonly onOpen: () => void;
};

/** One line of the list. */
export function ListRow({ row, index, isCursor, bars, onOpen }: ListRowInput) {
  const { actors, view } = usePage();
  const place = {
    id: `row-${index}`,
    style: { transform: `translateY(${index * rowHeight}px)` },
    onClick: onOpen,
  };
  if (row.type === 'group') {
    const worst = statusAt(row.counts.findIndex((heads) => heads > 0));
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the tree holds the focus and points here with aria-activedescendant.
      <div
        {...place}
        role="treeitem"
        aria-level={1}
        aria-expanded={row.open}
        class={`row row-group${isCursor ? ' is-cursor' : ''}`}
      >
        <span class={`fold${row.open ? ' is-open' : ''}`}>
          <Icon name="fold" />
        </span>
        <StatusIcon status={worst} size={10} />
        <span class="row-name">{row.group.label}</span>
        <StatusStrip counts={row.counts} />
        <span class="row-heads">{count(row.shown)}</span>
      </div>
    );
  }
  const actor = actors.rows[row.slot];
  if (actor === undefined) return null;
  const status = statusAt(actors.statuses[row.slot] ?? 0);
  const isSelected = view.choices.selected === actor.actorId;
  const level = actor.kind === 'supervisor' ? 1 : 2;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: as above.
    <div
      {...place}
      role="treeitem"
      aria-level={level}
      aria-setsize={row.of}
      aria-posinset={row.position}
      aria-selected={isSelected}
      class={`row row-actor level-${level}${isCursor ? ' is-cursor' : ''}${isSelected ? ' is-selected' : ''}`}
      title={`${actor.name}: ${statusProperties[status].label}`}
    >
      <StatusIcon status={status} size={10} />
      <span class="row-name">{shortName(actor)}</span>
      <canvas class="row-bars" ref={(canvas) => bars(row.slot, canvas)} />
      <span class={`row-state says-${status}`}>{actors.stateLabelOf(row.slot, 2)}</span>
    </div>
  );
}
