import type { SupervisorEvent } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ShownKind } from '../protocol/shownActor.ts';
import { Journal } from './journal.ts';
import { Operations } from './operations.ts';
import { StepRecorder } from './stepRecorder.ts';

type RecordedSupervisor = Pick<
  InspectedSupervisor,
  'events$' | 'notable$' | 'stats' | 'observe' | 'peek' | 'describe' | 'monitorOf'
>;

/** Whether an event is a check that passed: most events are, and they matter only to who watches that monitor. */
const isRoutine = (event: SupervisorEvent): boolean =>
  event.type === 'verdict.judged' && event.verdict.status === 'pass';

/** Records the events of a supervisor, from {@link EventRecorder.begin} to {@link EventRecorder.end}. */
export class EventRecorder {
  readonly journal: Journal;
  readonly operations = new Operations();
  readonly stepRecorder: StepRecorder;
  /** The current time of the program's clock. */
  readonly now: () => number;
  readonly #supervisor: RecordedSupervisor;
  /** Time of the last recorded check of each followed monitor. */
  readonly #checkedAt = new Map<string, number>();
  #subscription: { unsubscribe(): void } | undefined;
  #failures = 0;

  constructor(supervisor: RecordedSupervisor, now: () => number) {
    this.#supervisor = supervisor;
    this.now = now;
    this.journal = new Journal((kind, id) => supervisor.peek?.(kind, id)?.value);
    this.stepRecorder = new StepRecorder(supervisor, now, (view) => this.#noteCheck(view));
  }

  /** Number of events that could not be recorded. */
  get failures(): number {
    return this.#failures;
  }

  begin(): void {
    // To listen to the checks that pass would cost each of them; those of whom one looks at are found by their steps.
    const { events$, notable$ = events$ } = this.#supervisor;
    this.#subscription ??= notable$.subscribe((event) => {
      if (isRoutine(event)) return;
      // A failure must not travel back into the program.
      try {
        this.journal.note(event);
        this.operations.note(event, this.#supervisor);
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

  /** Records a check that passed, of a monitor that somebody watches. */
  #noteCheck({ kind, id }: { readonly kind: ShownKind; readonly id: string }): void {
    if (kind !== 'monitor') return;
    const { verdict, checkedAt, epoch } = this.#supervisor.monitorOf(id)?.status ?? {};
    if (verdict?.status !== 'pass' || checkedAt === undefined || epoch === undefined) return;
    if (this.#checkedAt.get(id) === checkedAt) return;
    this.#checkedAt.set(id, checkedAt);
    const startedAt = this.#supervisor.describe?.(kind, id)?.checkStartedAt ?? checkedAt;
    const tookMs = Math.max(0, checkedAt - startedAt);
    this.journal.note({ type: 'verdict.judged', id, verdict, epoch, tookMs, at: checkedAt });
  }
}
