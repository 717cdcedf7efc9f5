/** How the start of a supervisor went. */
export type StartReport = {
  /** Everything that `started` waits for is judged and ready; or the deadline passed, or a drain or stop came, before. */
  readonly reason: 'started' | 'deadline' | 'stopped';
  /** Ids of what `started` still waited for. */
  readonly waiting: readonly string[];
  readonly tookMs: number;
};
