/** The value of a `Retry-After` header: whole seconds, never less than one, since 0 would invite a storm. */
export function retryAfterOf(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1_000)));
}

/**
 * `ms`, put off at random by up to `jitter` of itself, so that clients told the same do not come back as one.
 *
 * @param draw a number from 0 up to 1.
 */
export function spreadMs(ms: number, jitter: number, draw: number): number {
  return Math.round(ms * (1 + jitter * draw));
}
