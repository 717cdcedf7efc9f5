import type { SupervisorEvent } from '@watchkeeper/core';
import { callable, durationMs, optional, type Rule, type Rules, resolveOptions, text } from '@watchkeeper/core/options';
import { type EventPattern, idOf, type KeyOf, keyRule, matcherOf, patternRule } from './eventPattern.ts';
import type { Law } from './law.ts';

/** Claim of {@link never}. */
export interface NeverLaw {
  /** What must hold, in a sentence. */
  readonly name: string;
  /** From the first of these on. */
  readonly after: EventPattern;
  /** None of these. */
  readonly event: EventPattern;
  /**
   * It may come again from one of these on.
   * @default for ever
   */
  readonly until?: EventPattern | undefined;
  /**
   * Whose event it is: what comes after for one key says nothing of another.
   * @default the event's `id`
   */
  readonly by?: KeyOf;
}

/** Claim of {@link within}. */
export interface WithinLaw {
  /** What must hold, in a sentence. */
  readonly name: string;
  /** After each of these, */
  readonly after: EventPattern;
  /** one of these, */
  readonly event: EventPattern;
  /** so soon, in milliseconds, beside the watch's `slackMs`. */
  readonly ms: number | ((event: SupervisorEvent) => number);
  /**
   * Whose event it is.
   * @default the event's `id`
   */
  readonly by?: KeyOf;
}

/** Claim of {@link alternating}. */
export interface AlternatingLaw {
  /** What must hold, in a sentence. */
  readonly name: string;
  /** After one of these, none of them again, */
  readonly opens: EventPattern;
  /** before one of these, and after that none of those again. What the first one is, is free. */
  readonly closes: EventPattern;
  /**
   * From one of these on, either may come.
   * @default none
   */
  readonly forgets?: EventPattern | undefined;
  /**
   * Whose event it is.
   * @default the event's `id`
   */
  readonly by?: KeyOf;
}

const neverRules: Rules<NeverLaw> = {
  name: text,
  after: patternRule,
  event: patternRule,
  until: optional(patternRule),
  by: keyRule,
};
const withinRules: Rules<WithinLaw> = {
  name: text,
  after: patternRule,
  event: patternRule,
  ms: {
    is: `${durationMs.is}, or a function that returns one`,
    accepts: (value): value is WithinLaw['ms'] => durationMs.accepts(value) || callable().accepts(value),
  } as Rule<WithinLaw['ms']>,
  by: keyRule,
};
const alternatingRules: Rules<AlternatingLaw> = {
  name: text,
  opens: patternRule,
  closes: patternRule,
  forgets: optional(patternRule),
  by: keyRule,
};

/**
 * Makes the law that after some events others never come, or not until some others.
 *
 * @throws `InvalidOptionError` for the first part that breaks its rule.
 * @example
 * ```ts
 * import { never } from '@watchkeeper/telemetry';
 *
 * never({
 *   name: 'a target that is paused is not alerted of',
 *   after: { type: 'health.changed', where: ({ to }) => to === 'paused' },
 *   event: 'alert.raised',
 *   until: { type: 'health.changed', where: ({ from }) => from === 'paused' },
 * });
 * ```
 */
export function never(claim: NeverLaw): Law {
  const given = resolveOptions<Required<NeverLaw>>(
    'never',
    neverRules,
    { until: undefined, by: idOf } as never,
    claim === undefined ? {} : claim,
  );
  const { name, by } = given;
  const after = matcherOf(given.after);
  const event = matcherOf(given.event);
  const until = given.until === undefined ? undefined : matcherOf(given.until);
  return {
    name,
    reads: [...after.types, ...event.types, ...(until?.types ?? [])],
    read(read, scope) {
      const key = by(read);
      const since = scope.kept(key);
      if (since !== undefined && event.matches(read)) scope.violated(`${read.type} ${key} after ${since}`.trim());
      if (until?.matches(read) === true) scope.forget(key);
      else if (since === undefined && after.matches(read)) scope.keep(key, read.type);
    },
  };
}

/**
 * Makes the law that after some events others follow in time.
 *
 * @throws `InvalidOptionError` for the first part that breaks its rule.
 * @example
 * ```ts
 * import { within } from '@watchkeeper/telemetry';
 *
 * within({ name: 'an outage lasts an hour at most', after: 'alert.raised', event: 'alert.cleared', ms: 3_600_000 });
 * ```
 */
export function within(claim: WithinLaw): Law {
  const given = resolveOptions<Required<WithinLaw>>(
    'within',
    withinRules,
    { by: idOf } as never,
    claim === undefined ? {} : claim,
  );
  const { name, ms, by } = given;
  const after = matcherOf(given.after);
  const event = matcherOf(given.event);
  return {
    name,
    reads: [...after.types, ...event.types],
    read(read, scope) {
      const key = by(read);
      if (event.matches(read)) scope.met(key);
      if (!after.matches(read)) return;
      const waitMs = typeof ms === 'number' ? ms : ms(read);
      scope.wait(key, waitMs, () => scope.violated(`${read.type} ${key}: nothing within ${waitMs} ms`));
    },
  };
}

/**
 * Makes the law that two kinds of events come in turns.
 *
 * @throws `InvalidOptionError` for the first part that breaks its rule.
 * @example
 * ```ts
 * import { alternating } from '@watchkeeper/telemetry';
 *
 * alternating({ name: 'flapping ends before it begins again', opens: 'flapping.began', closes: 'flapping.ended' });
 * ```
 */
export function alternating(claim: AlternatingLaw): Law {
  const defaults = { forgets: undefined, by: idOf };
  const given = resolveOptions<Required<AlternatingLaw>>(
    'alternating',
    alternatingRules,
    defaults as never,
    claim === undefined ? {} : claim,
  );
  const { name, by } = given;
  const opens = matcherOf(given.opens);
  const closes = matcherOf(given.closes);
  const forgets = given.forgets === undefined ? undefined : matcherOf(given.forgets);
  return {
    name,
    reads: [...opens.types, ...closes.types, ...(forgets?.types ?? [])],
    read(read, scope) {
      const key = by(read);
      if (forgets?.matches(read) === true) return scope.forget(key);
      const side = opens.matches(read) ? 'open' : closes.matches(read) ? 'closed' : undefined;
      if (side === undefined) return;
      if (scope.kept(key) === side) scope.violated(`${read.type} ${key}, twice in a row`);
      scope.keep(key, side);
    },
  };
}
