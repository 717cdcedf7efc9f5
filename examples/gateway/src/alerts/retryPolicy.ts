/** Retry policy of a destination. */
export interface RetryPolicy {
  /** Tries of one alert, the first included; then it is dropped. */
  readonly attempts: number;
  /** The wait before the second try, in milliseconds. Each further wait is twice as long. */
  readonly firstDelayMs: number;
  /** The longest wait, in milliseconds; a destination may not ask for more either. */
  readonly maxDelayMs: number;
  /** How long one try may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Alerts that wait at once; the oldest gives way. */
  readonly maxQueued: number;
  /** How long what is still owed may take at the end of the program, in milliseconds. */
  readonly closeMs: number;
}

/** Two minutes of trying; about as long as most receivers take to restart. */
export const retryDefaults = {
  attempts: 8,
  firstDelayMs: 1_000,
  maxDelayMs: 300_000,
  timeoutMs: 5_000,
  maxQueued: 100,
  closeMs: 3_000,
} as const satisfies RetryPolicy;
