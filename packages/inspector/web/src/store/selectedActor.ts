import type { ActorDetail } from '../../../src/protocol/actorDetail.ts';
import type { AllowedEvent } from '../../../src/protocol/allowedEvent.ts';
import type { JournalEntry } from '../../../src/protocol/journalEntry.ts';
import type { ServerMessage } from '../../../src/protocol/serverMessage.ts';
import type { Countdown, Step } from '../../../src/protocol/step.ts';
import type { Actors } from './actors.ts';
import type { Recording } from './recording.ts';
import type { VisitedState } from './visitedState.ts';

type TraceMessage = Extract<ServerMessage, { type: 'trace' }>;

/** The messages of one trace. */
export type Traced = Pick<TraceMessage, 'endsAt' | 'messages' | 'dropped'>;

type StepsMessage = Extract<ServerMessage, { type: 'steps' }>;

const entriesKept = 500;
const passagesKept = 400;

/** State of the selected actor: details, journal, steps, timers and trace. */
export class SelectedActor {
  actorId: string | undefined;
  detail: ActorDetail | undefined;
  entries: readonly JournalEntry[] = [];
  /** Active states before the first step, where they are known. */
  from: Step['value'] | undefined;
  /** Steps recorded while it was watched. */
  steps: readonly Step[] = [];
  countdowns: readonly Countdown[] = [];
  /** States it went through while it was watched, the current one last. */
  visitedStates: readonly VisitedState[] = [];
  /** Messages of the latest trace. */
  trace: Traced | undefined;
  /** Events that may be sent to it. */
  allowedEvents: readonly AllowedEvent[] = [];
  /** When each key of the context last changed. */
  readonly changedKeys = new Map<string, number>();
  /** Reason for which the last command was refused. */
  answer: string | undefined;
  readonly #actors: Actors;

  constructor(actors: Actors) {
    this.#actors = actors;
    actors.onChange((slot) => {
      if (actors.rows[slot]?.actorId === this.actorId) this.#pass(slot, actors.changedAt[slot] ?? 0);
    });
  }

  /** Selects another actor, or none, and clears everything. */
  select(actorId: string | undefined): void {
    this.actorId = actorId;
    this.detail = undefined;
    this.entries = [];
    this.from = undefined;
    this.steps = [];
    this.countdowns = [];
    this.visitedStates = [];
    this.trace = undefined;
    this.allowedEvents = [];
    this.changedKeys.clear();
    this.answer = undefined;
  }

  setDetail(actorId: string, detail: ActorDetail): void {
    if (actorId !== this.actorId) return;
    const before = this.detail?.context;
    for (const [key, value] of Object.entries(detail.context)) {
      const isNews = before !== undefined && JSON.stringify(before[key]) !== JSON.stringify(value);
      if (isNews) this.changedKeys.set(key, performance.now());
    }
    this.detail = detail;
    const slot = this.#actors.slotOf(actorId);
    if (slot !== undefined && this.visitedStates.length === 0) this.#pass(slot, this.#actors.now);
  }

  setAllowedEvents(actorId: string, allowedEvents: readonly AllowedEvent[]): void {
    if (actorId === this.actorId) this.allowedEvents = allowedEvents;
  }

  addEntries(actorId: string, whole: boolean, entries: readonly JournalEntry[]): void {
    if (actorId !== this.actorId) return;
    this.entries = [...(whole ? [] : this.entries), ...entries].slice(-entriesKept);
  }

  addSteps({ actorId, whole, from, steps, countdowns }: StepsMessage): void {
    if (actorId !== this.actorId) return;
    const all = [...(whole ? [] : this.steps), ...steps];
    const dropped = all[all.length - entriesKept - 1];
    this.from = whole ? from : (dropped?.value ?? this.from);
    this.steps = all.slice(-entriesKept);
    this.countdowns = countdowns;
  }

  addMessages({ actorId, endsAt, messages, dropped }: TraceMessage): void {
    if (actorId !== this.actorId) return;
    const before = this.trace?.endsAt === endsAt ? this.trace : { messages: [], dropped: 0 };
    this.trace = {
      endsAt,
      messages: [...before.messages, ...messages].slice(-entriesKept),
      dropped: before.dropped + dropped,
    };
  }

  /** Shows a recording. */
  loadRecording({ entries, from, steps, visitedStates, detail }: Recording): void {
    this.entries = entries;
    this.from = from;
    this.steps = steps;
    this.visitedStates = visitedStates;
    this.detail = detail;
    this.allowedEvents = [];
  }

  #pass(slot: number, at: number): void {
    const paths = this.#actors.pathsOf(slot);
    this.visitedStates = [...this.visitedStates, { at, paths, words: this.#actors.stateLabelOf(slot) }].slice(
      -passagesKept,
    );
  }
}
