import { durationMs, longestMs, positiveMs, type Rules, ratio } from '../rules.ts';
import { drawSafely, jittered } from '../runtime/random.ts';

/** The oldest that a connection may become, as gRPC has it (gRFC A9). */
export interface ConnectionAgeOptions {
  /**
   * A connection of this age is told to go as in a drain, and its client comes back, perhaps elsewhere: load spreads anew
   * without a restart. In milliseconds; 0 is no limit.
   * @default 0
   */
  readonly maxConnectionAgeMs?: number;
  /**
   * The share of `maxConnectionAgeMs` by which it is made longer or shorter at random, so that clients that came together
   * do not go together.
   * @default 0.1
   */
  readonly maxConnectionAgeJitter?: number;
  /**
   * How long such a client may still finish what it has begun, in milliseconds; then its connection is closed by force.
   * @default 30000
   */
  readonly maxConnectionAgeGraceMs?: number;
}

/** {@link ConnectionAgeOptions}, complete and checked. */
export type ResolvedConnectionAge = Readonly<Required<ConnectionAgeOptions>>;

/** Connections become as old as they like. */
export const connectionAgeDefaults = {
  maxConnectionAgeMs: 0,
  maxConnectionAgeJitter: 0.1,
  maxConnectionAgeGraceMs: 30_000,
} as const satisfies ResolvedConnectionAge;

export const connectionAgeRules: Rules<ConnectionAgeOptions> = {
  maxConnectionAgeMs: durationMs,
  maxConnectionAgeJitter: ratio,
  maxConnectionAgeGraceMs: positiveMs,
};

/** The `reason` of the goaway for a connection that is too old. gRPC says the same in its GOAWAY. */
export const maxAgeReason = 'max_age';

/** When a session is told to go for its age, and how long it may stay then. */
export interface SessionAge {
  readonly limitMs: number;
  readonly graceMs: number;
}

/** Draws the age of one session; `undefined` where it may become as old as it likes. */
export function drawAge(options: ResolvedConnectionAge, random: () => number): SessionAge | undefined {
  const { maxConnectionAgeMs, maxConnectionAgeJitter, maxConnectionAgeGraceMs } = options;
  if (maxConnectionAgeMs === 0) return undefined;
  const limitMs = jittered(maxConnectionAgeMs, maxConnectionAgeJitter, drawSafely(random));
  return { limitMs: Math.min(limitMs, longestMs), graceMs: maxConnectionAgeGraceMs };
}
