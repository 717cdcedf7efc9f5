import { detailOf } from './actorDetail.ts';
import type { Chronicle } from './chronicle.ts';
import type { InspectedKeeper } from './inspectedKeeper.ts';
import type { Roster } from './roster.ts';
import { pathOf, takenEdgeOf } from './step.ts';
import type { Viewer } from './viewer.ts';
import type { SeenActor, ShownKind } from './wire.ts';

/** Detail of a watched actor is sent at most this often. */
const detailEveryMs = 250;

/** And what was ever taken of a chart at most this often. */
const coverageEveryMs = 1_000;

type WatchedView = Pick<SeenActor, 'actorId' | 'kind' | 'id'>;

/** What one page looks at closely: one actor, and the operations of the whole. */
export class Watch {
  #actorId: string | undefined;
  #seq = 0;
  #detailAt = 0;
  #isWhole = true;
  #stepSeq = -1;
  #leave: (() => void) | undefined;
  #operationsVersion = -1;
  #covered: ShownKind | undefined;
  #coveredAt = 0;
  #coveredSize = -1;

  /** Looks at another actor from now on, or at none. */
  turnTo(actorId: string | undefined): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#stepSeq = -1;
    this.#actorId = actorId;
    this.#seq = 0;
    this.#detailAt = 0;
    this.#isWhole = true;
  }

  /** Looks at what was ever taken of the chart of a kind from now on, or of none. */
  cover(kind: ShownKind | undefined): void {
    this.#covered = kind;
    this.#coveredAt = 0;
    this.#coveredSize = -1;
  }

  /** Tells the page what is new of what it looks at. */
  tell(viewer: Viewer, { roster, chronicle, keeper, at }: Told): void {
    const { operations, journal } = chronicle;
    if (operations.version !== this.#operationsVersion) {
      this.#operationsVersion = operations.version;
      viewer.tell({ type: 'operations', operations: operations.all });
    }
    this.#tellCoverage(viewer, keeper, at);
    const actorId = this.#actorId;
    const view = actorId === undefined ? undefined : roster.find(actorId);
    if (view === undefined || actorId === undefined) return;
    this.#tellSteps(viewer, chronicle, view);
    const entries = journal.since(view.kind, view.id, this.#seq);
    if (entries.length > 0 || this.#isWhole) {
      viewer.tell({ type: 'journal', actorId, whole: this.#isWhole, entries });
      this.#seq = entries.at(-1)?.seq ?? this.#seq;
      this.#isWhole = false;
    }
    if (at - this.#detailAt < detailEveryMs) return;
    this.#detailAt = at;
    viewer.tell({ type: 'detail', actorId, detail: detailOf(keeper, view, at) });
  }

  #tellCoverage(viewer: Viewer, keeper: Told['keeper'], at: number): void {
    const kind = this.#covered;
    if (kind === undefined || at - this.#coveredAt < coverageEveryMs) return;
    this.#coveredAt = at;
    const { states, transitions } = keeper.coverage?.(kind) ?? { states: [], transitions: [] };
    const size = states.length + transitions.length;
    // What was taken stays so: it can only grow.
    if (size === this.#coveredSize) return;
    this.#coveredSize = size;
    const taken = transitions.map((edge) => takenEdgeOf(edge, edge.guard));
    viewer.tell({ type: 'coverage', kind, states: states.map(pathOf), taken });
  }

  #tellSteps(viewer: Viewer, { closeups }: Chronicle, view: WatchedView): void {
    const { actorId } = view;
    this.#leave ??= closeups.open(view);
    const { from, steps, countdowns } = closeups.of(actorId) ?? { from: undefined, steps: [], countdowns: [] };
    const last = steps.at(-1)?.seq ?? 0;
    if (last === this.#stepSeq) return;
    const news = steps.filter(({ seq }) => seq > this.#stepSeq);
    const whole = this.#stepSeq < 0;
    const start = whole && from !== undefined ? { from } : {};
    viewer.tell({ type: 'steps', actorId, whole, ...start, steps: news, countdowns });
    this.#stepSeq = last;
  }
}

/** What there is to tell of. */
export type Told = {
  readonly roster: Roster;
  readonly chronicle: Chronicle;
  readonly keeper: Pick<InspectedKeeper, 'monitorOf' | 'stats' | 'coverage' | 'peek'>;
  readonly at: number;
};
