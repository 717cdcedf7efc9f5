/**
 * What one run of a service is given. Every part may be taken out by name: `async ({ signal, ready }) => …`. What a run
 * says after its end counts for nothing.
 */
export interface RunScope {
  /** The id of the service. */
  readonly id: string;
  /** Which run of the service this is, from 1. */
  readonly run: number;
  /**
   * Aborts once, with a {@link ServiceStopError}: end now. Whoever does not end within `shutdownMs` is left alone, and named.
   * Its listeners must not throw: the runtime reports what they throw as uncaught.
   */
  readonly signal: AbortSignal;
  /**
   * Aborts when a drain begins, before or with {@link RunScope.signal}: take no more work that is pulled. Servers go on,
   * since clients come until they are told to go.
   */
  readonly draining: AbortSignal;
  /** Says that it is ready: what depends on it may begin. Also: that it is well again. */
  readonly ready: () => void;
  /** Says that it works with something amiss; `detail` is one line on what. */
  readonly degraded: (detail?: string) => void;
  /** Says that it does not work at present; `detail` is one line on why. */
  readonly notReady: (detail?: string) => void;
  /** Says that it is alive, for `beatWithinMs`. Costs no event unless a beat was overdue. */
  readonly beat: () => void;
  /**
   * Waits on the supervisor's clock, so that a test with a virtual one waits for nothing. Ends early, and does not reject,
   * when the run is told to stop.
   */
  readonly sleep: (ms: number) => Promise<void>;
  /** Says, once it is told to drain, that nothing is in flight any more: it need not be given the rest of `quiesceMs`. */
  readonly quiet: () => void;
}

/**
 * One run of a service: it goes on until it is done (resolves), broken (rejects) or told to stop by its `signal`. To reject
 * with the signal's reason, or with an `AbortError`, once that has aborted, is a clean end.
 */
export type RunService = (scope: RunScope) => void | Promise<void>;

/** What a run tells its service. */
export type RunEvent =
  | { readonly type: 'run.ready' }
  | { readonly type: 'run.degraded' | 'run.notReady'; readonly detail: string | undefined }
  | { readonly type: 'run.beat' }
  | { readonly type: 'run.quiet' }
  | { readonly type: 'run.done' }
  | { readonly type: 'run.failed'; readonly cause: unknown };
