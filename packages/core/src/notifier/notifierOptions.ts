import type { Notice } from '../model/notice.ts';
import {
  count,
  optional,
  positiveCount,
  positiveMs,
  type Rule,
  type Rules,
  resolveOptions,
  text,
  texts,
} from '../rules.ts';

/**
 * Hands one notice to one client; settles when the client has taken it. The next one waits for that.
 *
 * A throw or rejection means that the client is gone: retry inside, where retrying makes sense. `signal`
 * aborts when the notifier gives up waiting. A function that declares exactly one parameter is not given
 * a signal, which makes its deliveries cheaper.
 */
export type Deliver = (notice: Notice, signal: AbortSignal) => void | Promise<void>;

/**
 * Hands several notices to one client, the oldest change first; else as {@link Deliver}.
 *
 * All who have read as far are given the same array, so what is made of it can be made once, and kept by the array.
 * It holds each topic at most once. A goaway comes alone.
 */
export type DeliverBatch = (notices: readonly Notice[], signal: AbortSignal) => void | Promise<void>;

/** Rule of the `deliver` function, as far as can be checked before it is called. */
export const deliverRule: Rule<Deliver | DeliverBatch> = {
  is: 'a function (notice, signal) => void | Promise<void>',
  accepts: (value): value is Deliver | DeliverBatch => typeof value === 'function',
};

/** Returns how many parameters a function declares; none when it does not tell, as a proxy may not. */
export function parametersOf(deliver: Deliver | DeliverBatch): number {
  try {
    return deliver.length;
  } catch {
    return 0;
  }
}

/** Limits of one client's notifier. */
export interface NotifierOptions {
  /**
   * A delivery under way for longer than this is a stall: shown and counted. In milliseconds.
   * @default 5000
   */
  readonly stallAfterMs?: number;
  /**
   * A stall that lasts for longer than this evicts the client, with the reason `stalled`. In milliseconds.
   * @default 25000
   */
  readonly evictAfterMs?: number;
  /**
   * Topics that are gone whose last notice may still wait for clients that have not read so far; beyond it the oldest is
   * dropped and counted. The latest notice of a topic that exists always waits, however many there are.
   * @default 1024
   */
  readonly maxPending?: number;
  /**
   * The topics this client is told of: ids of monitors, `''` for the whole. A change of any other costs it
   * nothing. That the whole is going concerns everybody: a drain is told whatever stands here. Clients of the same topics
   * share what waits for them; a long list that many use is recognized at once when it is frozen (`Object.freeze`).
   * @default every topic
   */
  readonly topics?: readonly string[] | undefined;
  /**
   * Where an earlier client of the same supervisor and the same topics stood, its {@link Notifier.position}: what changed
   * later is told, instead of the whole present state. A position that was not reached yet is of another program: all is
   * told then.
   * @default the present state is told
   */
  readonly resumeAfter?: number | undefined;
  /**
   * The id of the session that stands for the same client: a drain tells both to go in the same moment.
   * @default none
   */
  readonly session?: string | undefined;
}

/** Limits of a notifier whose `deliver` is a {@link DeliverBatch}. */
export interface BatchNotifierOptions extends NotifierOptions {
  /** Most notices of one call. */
  readonly batch: number;
}

/** Options of either kind, as they are checked. */
type AnyNotifierOptions = NotifierOptions & { readonly batch?: number | undefined };

/** Defaults of {@link NotifierOptions}. Without `batch`, each call hands over one notice, which is not in an array. */
export const notifierDefaults = {
  stallAfterMs: 5_000,
  evictAfterMs: 25_000,
  maxPending: 1_024,
  topics: undefined,
  resumeAfter: undefined,
  batch: undefined,
  session: undefined,
} as const satisfies Required<AnyNotifierOptions>;

export const notifierRules: Rules<AnyNotifierOptions> = {
  stallAfterMs: positiveMs,
  evictAfterMs: positiveMs,
  maxPending: positiveCount,
  topics: optional(texts),
  resumeAfter: optional(count),
  batch: optional(positiveCount),
  session: optional(text),
};

/** {@link NotifierOptions}, complete and checked. */
export type ResolvedNotifierOptions = Readonly<Required<NotifierOptions & { readonly batch?: number | undefined }>>;

/** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
export function resolveNotifierOptions(
  given: AnyNotifierOptions | undefined,
  inherited: ResolvedNotifierOptions = notifierDefaults,
): ResolvedNotifierOptions {
  return resolveOptions<Required<AnyNotifierOptions>>('notifier', notifierRules, inherited, given);
}
