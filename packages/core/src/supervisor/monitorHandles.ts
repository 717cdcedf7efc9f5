import type { MonitorStatus } from '../monitor/monitor.ts';
import { MonitorHandle, type MonitorOwner } from '../monitor/monitorHandle.ts';
import type { MonitorChild } from '../monitor/monitorMachine.ts';
import type { Actors } from './children.ts';
import type { SupervisorSnapshot } from './supervisorSnapshot.ts';

/** The monitors of one supervisor, as its users see them. */
export class MonitorHandles {
  readonly #actors: Actors;
  readonly #owner: MonitorOwner;

  constructor(actors: Actors, owner: Omit<MonitorOwner, 'pendingUpdates'>) {
    this.#actors = actors;
    this.#owner = { ...owner, pendingUpdates: actors.pendingUpdates };
  }

  of(child: MonitorChild): MonitorHandle {
    return new MonitorHandle(child, this.#owner);
  }

  /** The monitor with this id, while it runs. */
  get(id: string): MonitorHandle | undefined {
    const child = this.#actors.monitors.get(id);
    return child === undefined ? undefined : this.of(child);
  }

  /** The status of every monitor. */
  get statuses(): readonly MonitorStatus[] {
    return Array.from(this.#actors.monitors, (child) => this.of(child).status);
  }

  /** What every monitor knows at `at`. */
  snapshot(at: number): SupervisorSnapshot {
    const monitors = Array.from(this.#actors.monitors, (child) => [child.id, this.of(child).snapshot] as const);
    return { version: 1, at, monitors: Object.fromEntries(monitors) };
  }
}
