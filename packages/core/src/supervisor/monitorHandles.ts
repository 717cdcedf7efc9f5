import type { MonitorStatus } from '../monitor/monitor.ts';
import { MonitorHandle, type MonitorOwner, persistActor } from '../monitor/monitorHandle.ts';
import type { MonitorChild } from '../monitor/monitorMachine.ts';
import type { Children } from './children.ts';
import type { SupervisorSnapshot } from './supervisorSnapshot.ts';

/** Public handles of the monitors of one supervisor. */
export class MonitorHandles {
  readonly #children: Children;
  readonly #owner: MonitorOwner;
  /** Makes the snapshot of the monitors as they were when they were stopped for good. */
  #last: (() => SupervisorSnapshot) | undefined;

  constructor(children: Children, owner: Omit<MonitorOwner, 'pendingUpdates'>) {
    this.#children = children;
    this.#owner = { ...owner, pendingUpdates: children.pendingUpdates };
  }

  of(child: MonitorChild): MonitorHandle {
    return new MonitorHandle(child, this.#owner);
  }

  /** The monitor with this id, while it runs. */
  get(id: string): MonitorHandle | undefined {
    const child = this.#children.monitors.get(id);
    return child === undefined ? undefined : this.of(child);
  }

  /** The status of every monitor. */
  get statuses(): readonly MonitorStatus[] {
    return Array.from(this.#children.monitors, (child) => this.of(child).status);
  }

  /** Captures every monitor at `at`, before they are stopped for good. The first call counts. */
  captureLast(at: number): void {
    this.#last ??= this.#capture(at);
  }

  /** Returns the snapshot of every monitor at `at`, or as they were before they were stopped for good. */
  snapshot(at: number): SupervisorSnapshot {
    return (this.#last ?? this.#capture(at))();
  }

  /** Captures every monitor at `at`. @returns a function that makes the snapshot, whatever became of them since. */
  #capture(at: number): () => SupervisorSnapshot {
    const captured = Array.from(this.#children.monitors, ({ id, actor }) => [id, actor.getSnapshot()] as const);
    return () => {
      const monitors = captured.map(([id, snapshot]) => [id, persistActor(snapshot)] as const);
      return { version: 1, at, monitors: Object.fromEntries(monitors) };
    };
  }
}
