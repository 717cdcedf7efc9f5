import type { ActorView, LossCounts } from '@watchkeeper/core';
import type { ChartGraph } from '../chart/chartGraph.ts';
import type { ActorDetail } from './actorDetail.ts';
import type { AllowedEvent } from './allowedEvent.ts';
import type { CommandName } from './clientMessage.ts';
import type { JournalEntry } from './journalEntry.ts';
import type { Operation } from './operation.ts';
import type { ShownActor, ShownKind } from './shownActor.ts';
import type { Countdown, Step, TakenEdge } from './step.ts';
import type { TracedMessage } from './tracedMessage.ts';

/** An actor that entered a slot: slot, kind, name, actorId, state number, status number. */
export type EnteredActor = readonly [
  slot: number,
  kind: ShownKind,
  name: string,
  actorId: string,
  state: number,
  status: number,
];

/** A kind of actor and one value of its chart; its place in the table of states is its number on the wire. */
export type StateEntry = readonly [kind: ShownKind, value: ActorView['value']];

/** What looking costs, and what was lost on the way. */
export type StreamFigures = {
  /** Actors there are. */
  readonly actors: number;
  /** State changes seen in the last second. */
  readonly changesPerSecond: number;
  /** How long one look at all actors and its sending took, in milliseconds. */
  readonly tickMs: number;
  /** 99th percentile of the event loop's delay, in milliseconds. */
  readonly loopP99Ms: number;
  readonly bytesSent: number;
  /** Ticks left out because this page reads too slowly; its state catches up. */
  readonly ticksSkipped: number;
  /** Failures inside the inspector; they never reach an actor. */
  readonly failures: number;
  readonly viewers: number;
  /** Secrets taken out of what was shown or kept. */
  readonly redactions: number;
  /** What the program itself lost, refused or had fail, by name. */
  readonly lost: LossCounts;
};

/** What the inspector says in text; changes of state go as {@link encodeChanges}. */
export type ServerMessage =
  | {
      readonly type: 'hello';
      readonly app: string;
      readonly epoch: string;
      readonly at: number;
      readonly commands: readonly CommandName[];
      /** The ids of the machines to whose actors this page may send events. */
      readonly machines: readonly string[];
    }
  | { readonly type: 'states'; readonly from: number; readonly entries: readonly StateEntry[] }
  /** The chart of a kind whose definition is not ours. */
  | { readonly type: 'chart'; readonly kind: ShownKind; readonly graph: ChartGraph }
  | { readonly type: 'entered'; readonly actors: readonly EnteredActor[] }
  | { readonly type: 'ended'; readonly slots: readonly number[] }
  /** The first whole picture is complete. */
  | { readonly type: 'ready' }
  | { readonly type: 'figures'; readonly figures: StreamFigures }
  /** What is known of the actor this page watches. */
  | { readonly type: 'detail'; readonly actorId: string; readonly detail: ActorDetail }
  /** The events this page may send to the actor it watches. */
  | { readonly type: 'allowedEvents'; readonly actorId: string; readonly allowedEvents: readonly AllowedEvent[] }
  /** What happened to the actor this page watches since it was last told; `whole` begins anew. */
  | {
      readonly type: 'journal';
      readonly actorId: string;
      readonly whole: boolean;
      readonly entries: readonly JournalEntry[];
    }
  /** How the actor this page watches answered its events since it was last told, and what it waits for. */
  | {
      readonly type: 'steps';
      readonly actorId: string;
      readonly whole: boolean;
      /** The active states before the first of a whole. */
      readonly from?: ShownActor['value'];
      readonly steps: readonly Step[];
      readonly countdowns: readonly Countdown[];
    }
  /** Who told whom what around the actor this page watches, since it was last told. */
  | {
      readonly type: 'trace';
      readonly actorId: string;
      readonly endsAt: number;
      readonly messages: readonly TracedMessage[];
      /** Messages that were too many. */
      readonly dropped: number;
    }
  /** What of the chart of a kind was ever taken, by the paths of its states and in the words of the chart. */
  | {
      readonly type: 'coverage';
      readonly kind: ShownKind;
      readonly states: readonly string[];
      readonly taken: readonly TakenEdge[];
    }
  | { readonly type: 'operations'; readonly operations: readonly Operation[] }
  /** What became of a command of this page. */
  | { readonly type: 'answer'; readonly id: number; readonly ok: boolean; readonly why?: string };
