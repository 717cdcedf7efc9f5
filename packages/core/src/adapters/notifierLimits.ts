import { type NotifierOptions, notifierDefaults } from '../notifier/notifierOptions.ts';
import { positiveCount, positiveMs, type Rule, type Rules, requireOption, resolveOptions, text } from '../rules.ts';

/** Limits of a client's notifier, as an adapter lets them be set; topics, session and position are the adapter's to fill in. */
export type NotifierLimits = Omit<NotifierOptions, 'topics' | 'session' | 'resumeAfter'>;

const { stallAfterMs, evictAfterMs, maxPending } = notifierDefaults;

/** The limits of a notifier when nothing is said. */
export const notifierLimitDefaults = {
  stallAfterMs,
  evictAfterMs,
  maxPending,
} as const satisfies Required<NotifierLimits>;

const limitRules: Rules<NotifierLimits> = {
  stallAfterMs: positiveMs,
  evictAfterMs: positiveMs,
  maxPending: positiveCount,
};

/** What an option with limits of a notifier must be; {@link resolveNotifierLimits} checks each limit. */
export const notifierLimitsRule: Rule<NotifierLimits> = {
  is: 'an object of notifier limits',
  accepts: (value): value is NotifierLimits => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/**
 * Lays `given` over the defaults and checks every limit, so that a wrong one is found before the first client comes.
 *
 * @param option names the option in errors: `hub.notifier`.
 * @throws `InvalidOptionError` for the first limit that breaks its rule.
 */
export function resolveNotifierLimits(option: string, given: NotifierLimits | undefined): Required<NotifierLimits> {
  requireOption('resolveNotifierLimits.option', text, option);
  return resolveOptions<Required<NotifierLimits>>(option, limitRules, notifierLimitDefaults, given);
}
