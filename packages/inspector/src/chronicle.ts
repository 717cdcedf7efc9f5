import type { KeeperEvent } from '@watchkeeper/core';
import { Closeups } from './closeups.ts';
import type { InspectedKeeper } from './inspectedKeeper.ts';
import { Journal } from './journal.ts';
import { Operations } from './operations.ts';

type Routine = Extract<KeeperEvent, { type: 'verdict.judged' }>;

/** A check that passed: by far the most of all events, and news only to who looks at that monitor. */
const isRoutine = (event: KeeperEvent): event is Routine =>
  event.type === 'verdict.judged' && event.verdict.status === 'pass';

/** Listens to what a supervisor says of itself, from {@link Chronicle.begin} to {@link Chronicle.end}. */
export class Chronicle {
  readonly journal: Journal;
  readonly operations = new Operations();
  readonly closeups: Closeups;
  /** The present instant of the program's clock. */
  readonly now: () => number;
  readonly #keeper: Pick<InspectedKeeper, 'events$'>;
  readonly #looked: Pick<InspectedKeeper, 'stats' | 'peek'>;
  #subscription: { unsubscribe(): void } | undefined;
  #failures = 0;

  constructor(keeper: Pick<InspectedKeeper, 'events$' | 'stats' | 'observe' | 'peek'>, now: () => number) {
    this.#keeper = keeper;
    this.#looked = { stats: () => keeper.stats(), peek: (kind, id) => keeper.peek?.(kind, id) };
    this.journal = new Journal((kind, id) => keeper.peek?.(kind, id)?.value);
    this.now = now;
    this.closeups = new Closeups(keeper, now);
  }

  /** Events that could not be written down. */
  get failures(): number {
    return this.#failures;
  }

  begin(): void {
    this.#subscription ??= this.#keeper.events$.subscribe((event) => {
      // A failure must not travel back into the program.
      try {
        if (!isRoutine(event) || this.closeups.hasNamed('monitor', event.id)) this.journal.note(event);
        this.operations.note(event, this.#looked);
      } catch {
        this.#failures += 1;
      }
    });
  }

  end(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }
}
