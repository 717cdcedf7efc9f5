import { InvalidOptionError } from '../errors.ts';
import { count, durationMs, optional, positiveMs, type Rule, type Rules, resolveOptions, uriRule } from '../rules.ts';

/** Options of a drain. */
export interface DrainOptions {
  /**
   * How long to go on serving after readiness has failed, so that load balancers see it, in milliseconds.
   * @default 0
   */
  readonly noticeMs?: number;
  /**
   * How long a client may take to leave after it was told to go, in milliseconds. 0 closes at once, without telling (INV-32).
   * @default 10000
   */
  readonly graceMs?: number;
  /**
   * When whoever is left is forced, in milliseconds from the start. Must leave room for `noticeMs` and
   * `graceMs`. Closing those by force may take the supervisor's `closeTimeoutMs` more.
   * @default 25000
   */
  readonly deadlineMs?: number;
  /**
   * How many clients are told to go in a second, each at a random moment of its turn; 0 tells all at once. A client is a
   * session with the notifiers that name it as {@link NotifierOptions.session}, or a notifier alone. The rate is raised
   * where so many clients would not fit: whoever is told last has the whole of `graceMs` before the deadline.
   * @default 0
   */
  readonly goawaysPerSecond?: number;
  /**
   * Each client is told to connect again after a random time of up to this long, in milliseconds, so that they do not
   * come back as one; who is refused meanwhile is told to wait that much longer. 0 says nothing.
   * @default 0
   */
  readonly reconnectSpreadMs?: number;
  /**
   * Most clients that the report names of those who were forced, evicted or left unfinished; the rest are counted.
   * @default 100
   */
  readonly maxNamed?: number;
  /** Abort it to force everybody at once (INV-31). */
  readonly signal?: AbortSignal | undefined;
  /** Where clients should go instead; told to each of them. */
  readonly uri?: string | undefined;
}

/** Defaults of {@link DrainOptions}: a drain fits into the 30 seconds that Kubernetes gives. */
export const drainDefaults = {
  noticeMs: 0,
  graceMs: 10_000,
  deadlineMs: 25_000,
  goawaysPerSecond: 0,
  reconnectSpreadMs: 0,
  maxNamed: 100,
  signal: undefined,
  uri: undefined,
} as const satisfies Required<DrainOptions>;

const abortSignal: Rule<AbortSignal> = {
  is: 'an AbortSignal',
  accepts: (value): value is AbortSignal =>
    typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
};

export const drainRules: Rules<DrainOptions> = {
  noticeMs: durationMs,
  graceMs: durationMs,
  deadlineMs: positiveMs,
  goawaysPerSecond: count,
  reconnectSpreadMs: durationMs,
  maxNamed: count,
  signal: optional(abortSignal),
  uri: optional(uriRule),
};

/** {@link DrainOptions}, complete and checked. */
export type ResolvedDrainOptions = Readonly<Required<DrainOptions>>;

/** @throws {@link InvalidOptionError} for an option that breaks its rule, or phases that do not fit into the deadline. */
export function resolveDrainOptions(
  given: DrainOptions | undefined,
  inherited: ResolvedDrainOptions = drainDefaults,
): ResolvedDrainOptions {
  const resolved = resolveOptions<Required<DrainOptions>>('drain', drainRules, inherited, given);
  const { noticeMs, graceMs, deadlineMs, goawaysPerSecond } = resolved;
  const neededMs = noticeMs + graceMs;
  if (neededMs > deadlineMs) {
    throw new InvalidOptionError('drain.deadlineMs', `at least noticeMs + graceMs (${neededMs})`, deadlineMs);
  }
  if (goawaysPerSecond > 0 && neededMs === deadlineMs) {
    const rule = `more than noticeMs + graceMs (${neededMs}), since goawaysPerSecond needs time of its own`;
    throw new InvalidOptionError('drain.deadlineMs', rule, deadlineMs);
  }
  return resolved;
}
