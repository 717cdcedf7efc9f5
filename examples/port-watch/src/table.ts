import type { Health, MonitorStatus } from '@watchkeeper/core';

/** Colours of the terminal by name. */
export type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'magenta' | 'gray';

/** A mark and a colour for each health: whoever sees no colours sees the mark. */
const marks: Readonly<Record<Health, readonly [mark: string, colour: Colour]>> = {
  starting: ['◌', 'gray'],
  healthy: ['●', 'green'],
  degraded: ['◐', 'yellow'],
  unhealthy: ['✕', 'red'],
  error: ['!', 'magenta'],
  stale: ['◍', 'magenta'],
  reconnecting: ['↻', 'cyan'],
  paused: ['‖', 'gray'],
  stopped: ['■', 'gray'],
};

/** What else the table shows beside the statuses. */
export type TableOptions = {
  readonly addresses: ReadonlyMap<string, string>;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly paint: (colour: Colour, text: string) => string;
};

/** The statuses as lines of a table, the head first. */
export function tableOf(statuses: readonly MonitorStatus[], { addresses, now, paint }: TableOptions): string[] {
  const head = ['NAME', 'ADDRESS', 'HEALTH', 'FOR', 'LATENCY', 'WHY'];
  const rows = statuses.map(({ id, health, since, verdict, detail }) => [
    id,
    addresses.get(id) ?? '',
    `${marks[health][0]} ${health}`,
    spanOf(now - since),
    verdict?.latencyMs === undefined ? '' : `${verdict.latencyMs.toFixed(1)} ms`,
    detail ?? '',
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const painted = rows.map((row, place) => {
    const colour = marks[statuses[place]?.health ?? 'stopped'][1];
    return line(row).map((cell, column) => (column === 2 ? paint(colour, cell) : cell));
  });
  return [line(head).map((cell) => paint('gray', cell)), ...painted].map((cells) => cells.join('  ').trimEnd());
}

/** Seconds, then minutes, then hours. */
function spanOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
