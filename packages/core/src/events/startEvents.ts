/** Events about a start that does not come or comes too late, and about options that a person may have got wrong. */
export type StartEvent =
  /** Monitors or services have waited a second for `start()`, which nobody has called. Told once. */
  | { readonly type: 'start.missing'; readonly monitors: number; readonly services: number }
  /** `start()` was called once a drain or a stop had begun: it does nothing then. */
  | { readonly type: 'start.ignored'; readonly phase: 'draining' | 'stopped' }
  /** An option in milliseconds reads as if seconds were meant. It is obeyed as it stands. */
  | ({ readonly type: 'option.suspect' } & SuspectOption);

/** An option in milliseconds whose value is likely one in seconds. */
export type SuspectOption = {
  /** Its name, as errors give it: `supervisor.drain.graceMs`. */
  readonly option: string;
  /** What was given, in milliseconds. */
  readonly value: number;
  /** What to write where seconds were meant, in milliseconds. */
  readonly suggested: number;
};
