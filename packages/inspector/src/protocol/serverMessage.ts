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

/** An actor that was added in a slot. */
export type EnteredActor = readonly [
  slot: number,
  kind: ShownKind,
  name: string,
  actorId: string,
  state: number,
  status: number,
];

/** A kind of actor and one state value of its chart. Its index in the table of states is its number in the protocol. */
export type StateEntry = readonly [kind: ShownKind, value: ActorView['value']];

/** Cost of the inspector, and losses of the program. */
export type StreamFigures = {
  /** Number of actors. */
  readonly actors: number;
  /** State changes seen in the last second. */
  readonly changesPerSecond: number;
  /** Duration of the last tick, reading and sending, in milliseconds. */
  readonly tickMs: number;
  /** 99th percentile of the event loop's delay, in milliseconds. */
  readonly loopP99Ms: number;
  readonly bytesSent: number;
  /** Ticks skipped because this page reads too slowly. */
  readonly ticksSkipped: number;
  /** Failures inside the inspector. They never reach an actor. */
  readonly failures: number;
  readonly viewers: number;
  /** Secrets taken out of what was shown or kept. */
  readonly redactions: number;
  /** Losses of the program itself, by name. */
  readonly lost: LossCounts;
};

/** Text message of the inspector to a page. Changes of state are sent as binary frames. */
export type ServerMessage =
  | {
      readonly type: 'hello';
      readonly app: string;
      readonly epoch: string;
      readonly at: number;
      readonly commands: readonly CommandName[];
      /** Ids of the machines to whose actors this page may send events. */
      readonly machines: readonly string[];
    }
  | { readonly type: 'states'; readonly from: number; readonly entries: readonly StateEntry[] }
  /** Chart of a kind of a plain XState program. */
  | { readonly type: 'chart'; readonly kind: ShownKind; readonly graph: ChartGraph }
  | { readonly type: 'entered'; readonly actors: readonly EnteredActor[] }
  | { readonly type: 'ended'; readonly slots: readonly number[] }
  /** Every actor has been sent. */
  | { readonly type: 'ready' }
  | { readonly type: 'figures'; readonly figures: StreamFigures }
  /** Details of the actor this page watches. */
  | { readonly type: 'detail'; readonly actorId: string; readonly detail: ActorDetail }
  /** The events this page may send to the actor it watches. */
  | { readonly type: 'allowedEvents'; readonly actorId: string; readonly allowedEvents: readonly AllowedEvent[] }
  /** New journal entries of the watched actor; `whole` replaces the former ones. */
  | {
      readonly type: 'journal';
      readonly actorId: string;
      readonly whole: boolean;
      readonly entries: readonly JournalEntry[];
    }
  /** New steps of the watched actor, and its timers; `whole` replaces the former ones. */
  | {
      readonly type: 'steps';
      readonly actorId: string;
      readonly whole: boolean;
      /** Active states before the first step, with `whole`. */
      readonly from?: ShownActor['value'];
      readonly steps: readonly Step[];
      readonly countdowns: readonly Countdown[];
    }
  /** New messages of the trace of the watched actor. */
  | {
      readonly type: 'trace';
      readonly actorId: string;
      readonly endsAt: number;
      readonly messages: readonly TracedMessage[];
      /** Number of messages left out. */
      readonly dropped: number;
    }
  /** Coverage of the chart of a kind: paths of the states that were entered, and transitions that were taken. */
  | {
      readonly type: 'coverage';
      readonly kind: ShownKind;
      readonly states: readonly string[];
      readonly taken: readonly TakenEdge[];
    }
  | { readonly type: 'operations'; readonly operations: readonly Operation[] }
  /** Result of a command of this page. */
  | { readonly type: 'answer'; readonly id: number; readonly ok: boolean; readonly why?: string };
