import type { Supervisor, SupervisorEvent } from '@watchkeeper/core';
import { eventSource, objectWith, requireOption } from '@watchkeeper/core/options';
import { createActor, toPromise } from 'xstate';
import type { Archive, SavedState } from './archive.ts';
import { archiveMachine } from './archiveMachine.ts';
import { type ArchiveOptions, resolveArchiveOptions } from './archiveOptions.ts';

/** Writes of a supervisor's state to an archive, under way until closed. */
export interface KeptArchive extends AsyncDisposable {
  /** How many writes succeeded. */
  readonly saves: number;
  /** How many writes failed, and closings of the archive. */
  readonly failures: number;
  /** Writes once more, then closes the archive. Never rejects; calling it again is harmless. */
  close(): Promise<void>;
}

const archiveRule = objectWith<Archive>('read', 'write', 'close');

/**
 * Writes the state of a supervisor to an archive: at intervals, soon after an alert, and when a drain begins, after which
 * the archive is closed.
 *
 * @throws `InvalidOptionError` when `archive` is none, and for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { keepArchive, keepHistory } from '@watchkeeper/telemetry';
 * import { openSqlite } from '@watchkeeper/telemetry/sqlite';
 *
 * const archive = await openSqlite('watchkeeper.sqlite');
 * const before = archive.read();
 * const keeper = createSupervisor({ resume: before?.supervisor });
 * const history = keepHistory(keeper, { resume: before?.history });
 * keepArchive(keeper, archive, { history });
 * ```
 */
export function keepArchive(
  supervisor: Pick<Supervisor, 'snapshot' | 'events$'>,
  archive: Archive,
  given?: ArchiveOptions,
): KeptArchive {
  requireOption('archive.supervisor', eventSource<Supervisor>('snapshot'), supervisor);
  requireOption('archive', archiveRule, archive);
  const { history, intervalMs, urgentMs, onFailure, clock } = resolveArchiveOptions(given);
  const latest = new LatestState(supervisor, history);
  const actor = createActor(archiveMachine, {
    clock,
    input: {
      intervalMs,
      urgentMs,
      save: async () => {
        const state = latest.refresh();
        if (state !== undefined) await archive.write(state);
      },
      release: async () => archive.close(),
      reportFailure: (cause) => {
        try {
          onFailure(cause);
        } catch {
          // A listener of failures must not cause one.
        }
      },
    },
  });
  const subscription = supervisor.events$.subscribe((event) => {
    if (event.type === 'drain.entered') {
      // The last save may have to wait for one under way, and monitors end meanwhile.
      latest.refreshLast();
      actor.send({ type: 'close' });
    } else if (isUrgent(event)) actor.send({ type: 'saveSoon' });
  });
  actor.subscribe({ complete: () => subscription.unsubscribe() });
  actor.start();
  const close = async () => {
    if (actor.getSnapshot().status === 'active') {
      actor.send({ type: 'close' });
      await toPromise(actor);
    }
  };
  return {
    get saves() {
      return actor.getSnapshot().context.saves;
    },
    get failures() {
      return actor.getSnapshot().context.failures;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const isUrgent = ({ type }: SupervisorEvent): boolean => type === 'alert.raised' || type === 'alert.cleared';

/** The latest state worth writing: that of a time when monitors ran. */
class LatestState {
  readonly #supervisor: Pick<Supervisor, 'snapshot'>;
  readonly #history: ArchiveOptions['history'];
  #state: SavedState | undefined;
  #isLast = false;

  constructor(supervisor: Pick<Supervisor, 'snapshot'>, history: ArchiveOptions['history']) {
    this.#supervisor = supervisor;
    this.#history = history;
  }

  /** Takes the state at the end, which none after it replaces. */
  refreshLast(): void {
    this.refresh();
    this.#isLast = true;
  }

  /** @returns the present state if monitors run, else the one before; undefined if none ever ran. */
  refresh(): SavedState | undefined {
    if (this.#isLast) return this.#state;
    const supervisor = this.#supervisor.snapshot();
    if (Object.keys(supervisor.monitors).length > 0) {
      this.#state = { supervisor, ...(this.#history === undefined ? {} : { history: this.#history.snapshot() }) };
    }
    return this.#state;
  }
}
