import type { AllowedEvents } from '../commands/allowedEvents.ts';
import { describeActor } from '../describe/describeActor.ts';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ServerMessage } from '../protocol/serverMessage.ts';
import type { ShownActor } from '../protocol/shownActor.ts';
import type { EventRecorder } from '../record/eventRecorder.ts';
import { MessageTrace } from '../record/messageTrace.ts';
import type { ActorTable } from './actorTable.ts';
import { CoverageFeed } from './coverageFeed.ts';

/** Details of a watched actor are sent at most this often, in milliseconds. */
const detailEveryMs = 250;

/** Sends one message to the page. */
type Send = (message: ServerMessage) => void;

type WatchedActor = Pick<ShownActor, 'actorId' | 'kind' | 'id'>;

/** Feed of one page: the actor it watches, the coverage of a chart, and the operations of the supervisor. */
export class ActorFeed {
  #actorId: string | undefined;
  #seq = 0;
  #detailAt = 0;
  #isWhole = true;
  #allowedEvents = '[]';
  #stepSeq = -1;
  #leave: (() => void) | undefined;
  #operationsVersion = -1;
  /** Coverage of the chart of a kind. */
  readonly coverage = new CoverageFeed();
  #wantedTraceMs = 0;
  #trace: MessageTrace | undefined;

  /** Follows another actor from now on, or none. */
  follow(actorId: string | undefined): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#endTrace();
    this.#stepSeq = -1;
    this.#actorId = actorId;
    this.#seq = 0;
    this.#detailAt = 0;
    this.#isWhole = true;
    this.#allowedEvents = '[]';
  }

  /** Traces the messages of the actor for `forMs` milliseconds from the next tick on; 0 ends the trace. */
  trace(forMs: number): void {
    this.#endTrace();
    this.#wantedTraceMs = forMs;
  }

  /** Sends the page what is new. */
  send(send: Send, input: FeedInput): void {
    const { table, recorder, supervisor, at } = input;
    const { operations, journal } = recorder;
    if (operations.version !== this.#operationsVersion) {
      this.#operationsVersion = operations.version;
      send({ type: 'operations', operations: operations.all });
    }
    const coverage = this.coverage.news(supervisor, at);
    if (coverage !== undefined) send(coverage);
    const actorId = this.#actorId;
    const view = actorId === undefined ? undefined : table.find(actorId);
    if (view === undefined || actorId === undefined) return;
    this.#sendSteps(send, recorder, view);
    this.#sendTrace(send, input, actorId);
    const entries = journal.since(view.kind, view.id, this.#seq);
    if (entries.length > 0 || this.#isWhole) {
      send({ type: 'journal', actorId, whole: this.#isWhole, entries });
      this.#seq = entries.at(-1)?.seq ?? this.#seq;
      this.#isWhole = false;
    }
    if (at - this.#detailAt < detailEveryMs) return;
    this.#detailAt = at;
    send({ type: 'detail', actorId, detail: describeActor(supervisor, view, at) });
    this.#sendAllowedEvents(send, input, actorId);
  }

  #sendAllowedEvents(send: Send, { events }: FeedInput, actorId: string): void {
    const allowedEvents = events?.eventsOf(actorId) ?? [];
    const words = JSON.stringify(allowedEvents);
    if (words === this.#allowedEvents) return;
    this.#allowedEvents = words;
    send({ type: 'allowedEvents', actorId, allowedEvents });
  }

  #sendTrace(send: Send, { supervisor, recorder, at }: FeedInput, actorId: string): void {
    if (this.#wantedTraceMs > 0) {
      this.#trace = new MessageTrace(supervisor, actorId, recorder.now, this.#wantedTraceMs);
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

  #sendSteps(send: Send, { stepRecorder }: EventRecorder, view: WatchedActor): void {
    const { actorId } = view;
    this.#leave ??= stepRecorder.follow(view);
    const { from, steps, countdowns } = stepRecorder.of(actorId) ?? { from: undefined, steps: [], countdowns: [] };
    const last = steps.at(-1)?.seq ?? 0;
    if (last === this.#stepSeq) return;
    const news = steps.filter(({ seq }) => seq > this.#stepSeq);
    const whole = this.#stepSeq < 0;
    const start = whole && from !== undefined ? { from } : {};
    send({ type: 'steps', actorId, whole, ...start, steps: news, countdowns });
    this.#stepSeq = last;
  }
}

/** Input of a feed. */
export type FeedInput = {
  readonly table: ActorTable;
  readonly recorder: EventRecorder;
  readonly supervisor: Pick<InspectedSupervisor, 'monitorOf' | 'stats' | 'coverage' | 'peek' | 'inspect'>;
  /** Events that the page may send to actors; missing where none are allowed. */
  readonly events?: Pick<AllowedEvents, 'eventsOf'> | undefined;
  readonly at: number;
};
