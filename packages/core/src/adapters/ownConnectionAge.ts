import { optional, type Rules } from '../rules.ts';
import { type ConnectionAgeOptions, connectionAgeRules } from '../session/connectionAge.ts';

/** The maximum age of one adapter's connections, where it is another than the supervisor's. */
export interface OwnConnectionAge {
  /**
   * A connection of this age is told to go as in a drain. In milliseconds; 0 is no limit.
   * @default that of the supervisor
   */
  readonly maxConnectionAgeMs?: number | undefined;
  /**
   * The share of `maxConnectionAgeMs` by which it is made longer or shorter at random.
   * @default that of the supervisor
   */
  readonly maxConnectionAgeJitter?: number | undefined;
  /**
   * How long a client of that age may still finish what it has begun, in milliseconds; then it is closed by force.
   * @default that of the supervisor
   */
  readonly maxConnectionAgeGraceMs?: number | undefined;
}

/** An adapter that says nothing leaves it to the supervisor. */
export const ownConnectionAgeDefaults = {
  maxConnectionAgeMs: undefined,
  maxConnectionAgeJitter: undefined,
  maxConnectionAgeGraceMs: undefined,
} as const satisfies Required<OwnConnectionAge>;

export const ownConnectionAgeRules: Rules<OwnConnectionAge> = {
  maxConnectionAgeMs: optional(connectionAgeRules.maxConnectionAgeMs),
  maxConnectionAgeJitter: optional(connectionAgeRules.maxConnectionAgeJitter),
  maxConnectionAgeGraceMs: optional(connectionAgeRules.maxConnectionAgeGraceMs),
};

/** Returns what an adapter's options say of the age, for `reserve`. */
export function ownAgeOf(options: OwnConnectionAge): ConnectionAgeOptions {
  const { maxConnectionAgeMs, maxConnectionAgeJitter, maxConnectionAgeGraceMs } = options;
  return {
    ...(maxConnectionAgeMs === undefined ? {} : { maxConnectionAgeMs }),
    ...(maxConnectionAgeJitter === undefined ? {} : { maxConnectionAgeJitter }),
    ...(maxConnectionAgeGraceMs === undefined ? {} : { maxConnectionAgeGraceMs }),
  };
}
