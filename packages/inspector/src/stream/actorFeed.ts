import type { AllowedEvents } from '../commands/allowedEvents.ts';
import { detailOf } from '../describe/describeActor.ts';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ServerMessage } from '../protocol/serverMessage.ts';
import type { SeenActor } from '../protocol/shownActor.ts';
import type { Chronicle } from '../record/eventRecorder.ts';
import { Trace } from '../record/messageTrace.ts';
import type { Roster } from './actorTable.ts';
import { CoverageWatch } from './coverageFeed.ts';

/** Detail of a watched actor is sent at most this often. */
const detailEveryMs = 250;

/** Sends one message to the page. */
type Send = (message: ServerMessage) => void;

type WatchedView = Pick<SeenActor, 'actorId' | 'kind' | 'id'>;

/** What one page looks at closely: one actor, and the operations of the whole. */
export class Watch {
  #actorId: string | undefined;
  #seq = 0;
  #detailAt = 0;
  #isWhole = true;
  #offers = '[]';
  #stepSeq = -1;
  #leave: (() => void) | undefined;
  #operationsVersion = -1;
  /** What was ever taken of the chart of a kind. */
  readonly coverage = new CoverageWatch();
  #wantedTraceMs = 0;
  #trace: Trace | undefined;

  /** Looks at another actor from now on, or at none. */
  turnTo(actorId: string | undefined): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#endTrace();
    this.#stepSeq = -1;
    this.#actorId = actorId;
    this.#seq = 0;
    this.#detailAt = 0;
    this.#isWhole = true;
    this.#offers = '[]';
  }

  /** Has the messages of the actor traced for so long from the next look on; for no time at all, ends that. */
  trace(forMs: number): void {
    this.#endTrace();
    this.#wantedTraceMs = forMs;
  }

  /** Sends what is new of what the page looks at. */
  send(send: Send, told: Told): void {
    const { roster, chronicle, keeper, at } = told;
    const { operations, journal } = chronicle;
    if (operations.version !== this.#operationsVersion) {
      this.#operationsVersion = operations.version;
      send({ type: 'operations', operations: operations.all });
    }
    const coverage = this.coverage.news(keeper, at);
    if (coverage !== undefined) send(coverage);
    const actorId = this.#actorId;
    const view = actorId === undefined ? undefined : roster.find(actorId);
    if (view === undefined || actorId === undefined) return;
    this.#sendSteps(send, chronicle, view);
    this.#sendTrace(send, told, actorId);
    const entries = journal.since(view.kind, view.id, this.#seq);
    if (entries.length > 0 || this.#isWhole) {
      send({ type: 'journal', actorId, whole: this.#isWhole, entries });
      this.#seq = entries.at(-1)?.seq ?? this.#seq;
      this.#isWhole = false;
    }
    if (at - this.#detailAt < detailEveryMs) return;
    this.#detailAt = at;
    send({ type: 'detail', actorId, detail: detailOf(keeper, view, at) });
    this.#sendOffers(send, told, actorId);
  }

  #sendOffers(send: Send, { events }: Told, actorId: string): void {
    const offers = events?.offersOf(actorId) ?? [];
    const words = JSON.stringify(offers);
    if (words === this.#offers) return;
    this.#offers = words;
    send({ type: 'offers', actorId, offers });
  }

  #sendTrace(send: Send, { keeper, chronicle, at }: Told, actorId: string): void {
    if (this.#wantedTraceMs > 0) {
      this.#trace = new Trace(keeper, actorId, chronicle.now, this.#wantedTraceMs);
      this.#wantedTraceMs = 0;
    }
    const trace = this.#trace;
    if (trace === undefined) return;
    send({ type: 'trace', actorId, endsAt: trace.endsAt, ...trace.take() });
    if (at >= trace.endsAt) this.#endTrace();
  }

  #endTrace(): void {
    this.#trace?.end();
    this.#trace = undefined;
    this.#wantedTraceMs = 0;
  }

  #sendSteps(send: Send, { closeups }: Chronicle, view: WatchedView): void {
    const { actorId } = view;
    this.#leave ??= closeups.open(view);
    const { from, steps, countdowns } = closeups.of(actorId) ?? { from: undefined, steps: [], countdowns: [] };
    const last = steps.at(-1)?.seq ?? 0;
    if (last === this.#stepSeq) return;
    const news = steps.filter(({ seq }) => seq > this.#stepSeq);
    const whole = this.#stepSeq < 0;
    const start = whole && from !== undefined ? { from } : {};
    send({ type: 'steps', actorId, whole, ...start, steps: news, countdowns });
    this.#stepSeq = last;
  }
}

/** What there is to tell of. */
export type Told = {
  readonly roster: Roster;
  readonly chronicle: Chronicle;
  readonly keeper: Pick<InspectedSupervisor, 'monitorOf' | 'stats' | 'coverage' | 'peek' | 'inspect'>;
  /** What the page may send to actors; missing where nothing may. */
  readonly events?: Pick<AllowedEvents, 'offersOf'> | undefined;
  readonly at: number;
};
