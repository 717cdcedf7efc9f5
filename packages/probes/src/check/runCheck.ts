import { defineProbe, type Probe, UndecidedError, type Verdict, WatchkeeperError } from '@watchkeeper/core';
import { heldUpBy } from '@watchkeeper/core/adapters';
import { Disposables } from './disposables.ts';
import { CheckBrokenError } from './errors.ts';
import { describeResolverFault, describeTargetFault, wordsOf } from './networkErrors.ts';
import type { Redact } from './redaction.ts';

/** One run of a probe, with its deadline and what it must free. */
export interface Check {
  readonly signal: AbortSignal;
  /**
   * Enters the next phase.
   *
   * @param doing words that finish the sentence "timed out while …".
   * @param atDeadline the verdict if the deadline passes in this phase; left out, `fail`.
   */
  phase(doing: string, atDeadline?: Verdict): void;
  /** Calls `dispose` when the check ends, however it ends; at once if it has ended. */
  defer(dispose: () => void): void;
  elapsedMs(): number;
}

/** Options of {@link probeOf}. */
export interface CheckOptions {
  readonly name: string;
  /** The host that is asked, by which a supervisor counts checks of one host together. */
  readonly host?: string | undefined;
  /** Applied to every detail and error. */
  readonly redact: Redact;
  /** Whether a name that does not resolve is the target's fault (`fail`) or breaks the check (throws). */
  readonly unresolved: 'fail' | 'throw';
  /** The same of a target that refuses or misbehaves. @default 'fail' */
  readonly refused?: 'fail' | 'throw';
  /** The same of all that breaks the check. @default 'throw' */
  readonly broken?: 'fail' | 'throw';
}

/**
 * Makes a probe of `run`, which need not care for the deadline: an abort ends the check at once, disposes of what was
 * deferred, and the verdict is `fail` with the phase it was in (INV-49); one that other checks held up is undecided.
 */
export function probeOf(options: CheckOptions, run: (check: Check) => Promise<Verdict>): Probe {
  return defineProbe(
    options.name,
    (signal) => new Promise((resolve, reject) => new CheckRun(options, signal, resolve, reject).start(run)),
    { host: options.host?.toLowerCase() },
  );
}

/** One object holds all that one check needs: closures would cost more. */
class CheckRun implements Check {
  readonly signal: AbortSignal;
  readonly #options: CheckOptions;
  readonly #resolve: (verdict: Verdict) => void;
  readonly #reject: (error: WatchkeeperError) => void;
  readonly #began = performance.now();
  readonly #disposables = new Disposables();
  #doing = 'starting';
  #atDeadline: Verdict | undefined;

  constructor(
    options: CheckOptions,
    signal: AbortSignal,
    resolve: (verdict: Verdict) => void,
    reject: (error: WatchkeeperError) => void,
  ) {
    this.#options = options;
    this.signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(run: (check: Check) => Promise<Verdict>): void {
    if (this.signal.aborted) {
      this.handleEvent();
      return;
    }
    this.signal.addEventListener('abort', this);
    run(this).then(
      (verdict) => this.#conclude(verdict),
      (error: unknown) => this.#fail(error),
    );
  }

  phase(doing: string, atDeadline?: Verdict): void {
    this.#doing = doing;
    this.#atDeadline = atDeadline;
  }

  defer(dispose: () => void): void {
    this.#disposables.defer(dispose);
  }

  elapsedMs(): number {
    return performance.now() - this.#began;
  }

  /** Called on the abort of the signal. */
  handleEvent(): void {
    const heldUp = heldUpBy(this.signal);
    if (heldUp !== undefined) {
      this.#break(new UndecidedError(heldUp));
      return;
    }
    const timedOut = isTimeout(this.signal.reason);
    const detail = `${timedOut ? 'timed out' : 'aborted'} while ${this.#doing}`;
    this.#conclude((timedOut && this.#atDeadline) || { status: 'fail', detail, ...(timedOut ? { byTime: true } : {}) });
  }

  #conclude(verdict: Verdict): void {
    if (this.#disposables.disposed) return;
    this.#end();
    const { latencyMs = this.elapsedMs(), detail } = verdict;
    if (detail === undefined) this.#resolve({ ...verdict, latencyMs });
    else this.#resolve({ ...verdict, latencyMs, detail: this.#options.redact(detail) });
  }

  #fail(error: unknown): void {
    if (this.#disposables.disposed) return;
    if (error instanceof UndecidedError) this.#break(error);
    else this.#judge(error);
  }

  #judge(error: unknown): void {
    const { redact, unresolved, refused = 'fail', broken = 'throw' } = this.#options;
    const fault = refused === 'fail' ? describeTargetFault(error) : undefined;
    const unknown = unresolved === 'fail' ? describeResolverFault(error) : undefined;
    const breakage = breakageOf(error, redact);
    const detail = fault ?? unknown ?? (broken === 'fail' ? breakage.message : undefined);
    if (detail === undefined) this.#break(breakage);
    else this.#conclude({ status: 'fail', detail });
  }

  #break(error: WatchkeeperError): void {
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    this.signal.removeEventListener('abort', this);
    this.#disposables.dispose();
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

function breakageOf(error: unknown, redact: Redact): WatchkeeperError {
  if (error instanceof WatchkeeperError) return error;
  const text = describeTargetFault(error) ?? describeResolverFault(error) ?? wordsOf(error);
  const message = redact(text);
  // A cause that carries a secret would undo the redaction wherever errors are printed whole.
  return new CheckBrokenError(message, message === text ? error : undefined);
}
