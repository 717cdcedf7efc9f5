import type { Notice } from '../model/notice.ts';
import { optional, positiveCount, positiveMs, type Rule, type Rules, resolveOptions, text, texts } from '../rules.ts';

/**
 * Hands one notice to one client; settles when the client has taken it. The next one waits for that.
 *
 * A throw or rejection means that the client is gone: retry inside, where retrying makes sense. `signal`
 * aborts when the notifier gives up waiting. A function that declares exactly one parameter is not given
 * a signal, which makes its deliveries cheaper.
 */
export type Deliver = (notice: Notice, signal: AbortSignal) => void | Promise<void>;

/** Rule of the `deliver` function, as far as can be checked before it is called. */
export const deliverRule: Rule<Deliver> = {
  is: 'a function (notice, signal) => void | Promise<void>',
  accepts: (value): value is Deliver => typeof value === 'function',
};

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
   * Topics that may wait for one client at once; beyond it the oldest is dropped and counted.
   * @default 1024
   */
  readonly maxPending?: number;
  /**
   * The topics this client is told of: ids of monitors, `''` for the whole. A change of any other costs it
   * nothing. That the whole is going concerns everybody: a drain is told whatever stands here.
   * @default every topic
   */
  readonly topics?: readonly string[] | undefined;
  /**
   * The id of the session that stands for the same client: a drain tells both to go in the same moment.
   * @default none
   */
  readonly session?: string | undefined;
}

/** Defaults of {@link NotifierOptions}. */
export const notifierDefaults = {
  stallAfterMs: 5_000,
  evictAfterMs: 25_000,
  maxPending: 1_024,
  topics: undefined,
  session: undefined,
} as const satisfies Required<NotifierOptions>;

export const notifierRules: Rules<NotifierOptions> = {
  stallAfterMs: positiveMs,
  evictAfterMs: positiveMs,
  maxPending: positiveCount,
  topics: optional(texts),
  session: optional(text),
};

/** {@link NotifierOptions}, complete and checked. */
export type ResolvedNotifierOptions = Readonly<Required<NotifierOptions>>;

/** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
export function resolveNotifierOptions(
  given: NotifierOptions | undefined,
  inherited: ResolvedNotifierOptions = notifierDefaults,
): ResolvedNotifierOptions {
  return resolveOptions<Required<NotifierOptions>>('notifier', notifierRules, inherited, given);
}
