/** Returns the value of a `Retry-After` header: whole seconds, never less than one, since 0 would invite a storm. */
export function retryAfterHeader(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1_000)));
}
