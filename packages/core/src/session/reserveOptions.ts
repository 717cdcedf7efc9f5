import { flag, optional, type Rules, resolveOptions, text, texts } from '../rules.ts';
import { type ConnectionAgeOptions, connectionAgeRules, type ResolvedConnectionAge } from './connectionAge.ts';

/** Options of {@link Supervisor.reserve}; those of the maximum age are the supervisor's where they are left out. */
export interface ReserveOptions extends ConnectionAgeOptions {
  /**
   * Gives a slot during a drain too, to a client that cannot be told to stay away: a connection that a load balancer has
   * sent already. No limit holds for the slot then, nor is `admit` asked. Its session is open until the drain tells all others to go, is
   * told with them, and counts as a straggler; one that comes later is told at once.
   * @default false
   */
  readonly whileDraining?: boolean;
  /**
   * The topics that the client follows, for `maxSessionsPerTopic`. One that follows all topics names none.
   * @default []
   */
  readonly topics?: readonly string[];
  /**
   * The id of the session whose connection this is a part of, as a stream of HTTP/2 is: its session is told, waited for and
   * reported by itself, but takes no slot beside that of the connection, and no limit holds for it. Where there is no such
   * session, it takes one as everybody does.
   * @default none
   */
  readonly below?: string | undefined;
}

/** What a reservation is when nothing is said. */
export const reserveDefaults = {
  whileDraining: false,
  topics: [] as readonly string[],
  below: undefined,
} as const satisfies Required<Omit<ReserveOptions, keyof ConnectionAgeOptions>>;

const rules: Rules<ReserveOptions> = {
  whileDraining: flag,
  topics: texts,
  below: optional(text),
  ...connectionAgeRules,
};

/** {@link ReserveOptions}, complete and checked. */
export type ResolvedReserveOptions = Readonly<Required<ReserveOptions>>;

/** What reservations of a supervisor are when nothing is said: as old as its connections may be. */
export function reserveDefaultsOf(age: ResolvedConnectionAge): ResolvedReserveOptions {
  const { maxConnectionAgeMs, maxConnectionAgeJitter, maxConnectionAgeGraceMs } = age;
  return { ...reserveDefaults, maxConnectionAgeMs, maxConnectionAgeJitter, maxConnectionAgeGraceMs };
}

/** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
export function resolveReserveOptions(
  defaults: ResolvedReserveOptions,
  given: ReserveOptions | undefined,
): ResolvedReserveOptions {
  const resolved = resolveOptions<Required<ReserveOptions>>('reserve', rules, defaults, given);
  // A copy: what the caller's array holds later must not decide which slots are given back.
  return resolved.topics.length === 0 ? resolved : { ...resolved, topics: [...new Set(resolved.topics)] };
}
