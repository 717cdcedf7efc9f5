import type { SupervisorEvent } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ShownKind } from '../protocol/shownActor.ts';
import { at } from '../redact/visibleContext.ts';
import { Journal } from './journal.ts';
import { Operations } from './operations.ts';
import { Closeups } from './stepRecorder.ts';

type Chronicled = Pick<InspectedSupervisor, 'events$' | 'notable$' | 'stats' | 'observe' | 'peek' | 'monitorOf'>;

/** A check that passed: by far the most of all events, and news only to who looks at that monitor. */
const isRoutine = (event: SupervisorEvent): boolean =>
  event.type === 'verdict.judged' && event.verdict.status === 'pass';

/** Listens to what a supervisor says of itself, from {@link Chronicle.begin} to {@link Chronicle.end}. */
export class Chronicle {
  readonly journal: Journal;
  readonly operations = new Operations();
  readonly closeups: Closeups;
  /** The present instant of the program's clock. */
  readonly now: () => number;
  readonly #keeper: Chronicled;
  /** When the last check of a monitor that is followed ended, as far as it was written down. */
  readonly #checkedAt = new Map<string, number>();
  #subscription: { unsubscribe(): void } | undefined;
  #failures = 0;

  constructor(keeper: Chronicled, now: () => number) {
    this.#keeper = keeper;
    this.now = now;
    this.journal = new Journal((kind, id) => keeper.peek?.(kind, id)?.value);
    this.closeups = new Closeups(keeper, now, (view) => this.#noteCheck(view));
  }

  /** Events that could not be written down. */
  get failures(): number {
    return this.#failures;
  }

  begin(): void {
    // To listen to the checks that pass would cost each of them; those of whom one looks at are found by their steps.
    const { events$, notable$ = events$ } = this.#keeper;
    this.#subscription ??= notable$.subscribe((event) => {
      if (isRoutine(event)) return;
      // A failure must not travel back into the program.
      try {
        this.journal.note(event);
        this.operations.note(event, this.#keeper);
      } catch {
        this.#failures += 1;
      }
    });
  }

  end(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#checkedAt.clear();
  }

  /** Writes down a check that passed, of a monitor that somebody looks at. */
  #noteCheck({ kind, id }: { readonly kind: ShownKind; readonly id: string }): void {
    if (kind !== 'monitor') return;
    const { verdict, checkedAt, epoch } = this.#keeper.monitorOf(id)?.status ?? {};
    if (verdict?.status !== 'pass' || checkedAt === undefined || epoch === undefined) return;
    if (this.#checkedAt.get(id) === checkedAt) return;
    this.#checkedAt.set(id, checkedAt);
    const askedAt = at(this.#keeper.peek?.(kind, id)?.context, 'askedAt');
    const tookMs = typeof askedAt === 'number' ? Math.max(0, checkedAt - askedAt) : 0;
    this.journal.note({ type: 'verdict.judged', id, verdict, epoch, tookMs, at: checkedAt });
  }
}
