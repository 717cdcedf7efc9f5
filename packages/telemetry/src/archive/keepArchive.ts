import { InvalidOptionError, type Supervisor, type SupervisorEvent } from '@watchkeeper/core';
import { objectWith } from '@watchkeeper/core/options';
import { createActor, toPromise } from 'xstate';
import type { Archive, Saved } from './archive.ts';
import { archiveMachine } from './archiveMachine.ts';
import { type ArchiveOptions, resolveArchiveOptions } from './archiveOptions.ts';

/** An archive that is kept. */
export interface KeptArchive extends AsyncDisposable {
  /** How often everything was written. */
  readonly saves: number;
  /** How often that failed. */
  readonly failures: number;
  /** Writes once more, then lets go of the archive. Never rejects; calling it again is harmless. */
  close(): Promise<void>;
}

const archiveRule = objectWith<Archive>('read', 'write', 'close');

/**
 * Writes what a supervisor knows to an archive: every so often, soon after an alert, and when a drain begins, after which
 * the archive is let go of.
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
 * const keeper = createSupervisor({ resume: before?.keeper });
 * const history = keepHistory(keeper, { resume: before?.history });
 * keepArchive(keeper, archive, { history });
 * ```
 */
export function keepArchive(
  keeper: Pick<Supervisor, 'snapshot' | 'events$'>,
  archive: Archive,
  given?: ArchiveOptions,
): KeptArchive {
  if (!archiveRule.accepts(archive)) throw new InvalidOptionError('archive', archiveRule.is, archive);
  const { history, intervalMs, urgentMs, onFailure, clock } = resolveArchiveOptions(given);
  const memory = new Memory(keeper, history);
  const actor = createActor(archiveMachine, {
    clock,
    input: {
      intervalMs,
      urgentMs,
      save: async () => {
        const saved = memory.now();
        if (saved !== undefined) await archive.write(saved);
      },
      release: async () => archive.close(),
      tellFailure: (cause) => {
        try {
          onFailure(cause);
        } catch {
          // Whoever listens to failures must not add one.
        }
      },
    },
  });
  const subscription = keeper.events$.subscribe((event) => {
    if (event.type === 'drain.entered') {
      // The last save may have to wait for one under way, and monitors end meanwhile.
      memory.now();
      actor.send({ type: 'close' });
    } else if (isUrgent(event)) actor.send({ type: 'urge' });
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

/** The last that is worth writing. Nothing is, before there are monitors and after they were stopped. */
class Memory {
  readonly #keeper: Pick<Supervisor, 'snapshot'>;
  readonly #history: ArchiveOptions['history'];
  #last: Saved | undefined;

  constructor(keeper: Pick<Supervisor, 'snapshot'>, history: ArchiveOptions['history']) {
    this.#keeper = keeper;
    this.#history = history;
  }

  now(): Saved | undefined {
    const keeper = this.#keeper.snapshot();
    if (Object.keys(keeper.monitors).length > 0) {
      this.#last = { keeper, ...(this.#history === undefined ? {} : { history: this.#history.snapshot() }) };
    }
    return this.#last;
  }
}
