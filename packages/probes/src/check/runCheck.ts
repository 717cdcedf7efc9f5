import { defineProbe, type Probe, type Verdict, WatchkeeperError } from '@watchkeeper/core';
import { Frees } from './disposables.ts';
import { CheckBrokenError } from './errors.ts';
import { resolverFault, targetFault } from './networkErrors.ts';
import type { Redact } from './redaction.ts';

/** One run of a check: what it is doing, what it must free, and whether it may go on. */
export interface Attempt {
  readonly signal: AbortSignal;
  /**
   * Says what the check does now, in words that finish the sentence "timed out while …".
   *
   * @param silence the verdict if the deadline passes now; left out, `fail`.
   */
  stage(doing: string, silence?: Verdict): void;
  /** Calls `free` when the attempt ends, however it ends; at once if it has ended. */
  defer(free: () => void): void;
  elapsedMs(): number;
}

export interface AttemptOptions {
  readonly name: string;
  /** Whom the probe asks over the network, so that a supervisor can count its checks of one host together. */
  readonly host?: string | undefined;
  readonly redact: Redact;
  /** Whether a name that does not resolve is the target's fault (`fail`) or breaks the check (throws). */
  readonly unresolved: 'fail' | 'throw';
  /** The same of a target that refuses or misbehaves. @default 'fail' */
  readonly refused?: 'fail' | 'throw';
  /** The same of all that breaks the check. @default 'throw' */
  readonly broken?: 'fail' | 'throw';
}

/**
 * Makes a probe of `ask`, which need not care for the deadline: an abort ends the attempt at once,
 * frees what was deferred and answers `fail` with the stage it was in (INV-49).
 */
export function attemptProbe(options: AttemptOptions, ask: (attempt: Attempt) => Promise<Verdict>): Probe {
  return defineProbe(
    options.name,
    (signal) => new Promise((resolve, reject) => new Run(options, signal, resolve, reject).start(ask)),
    { host: options.host?.toLowerCase() },
  );
}

/** One object for all that one check needs: a closure for each thing would cost more than the thing. */
class Run implements Attempt {
  readonly signal: AbortSignal;
  readonly #options: AttemptOptions;
  readonly #resolve: (verdict: Verdict) => void;
  readonly #reject: (error: WatchkeeperError) => void;
  readonly #began = performance.now();
  readonly #frees = new Frees();
  #doing = 'starting';
  #silence: Verdict | undefined;

  constructor(
    options: AttemptOptions,
    signal: AbortSignal,
    resolve: (verdict: Verdict) => void,
    reject: (error: WatchkeeperError) => void,
  ) {
    this.#options = options;
    this.signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(ask: (attempt: Attempt) => Promise<Verdict>): void {
    if (this.signal.aborted) {
      this.handleEvent();
      return;
    }
    this.signal.addEventListener('abort', this);
    ask(this).then(
      (verdict) => this.#conclude(verdict),
      (error: unknown) => this.#giveUp(error),
    );
  }

  stage(doing: string, silence?: Verdict): void {
    this.#doing = doing;
    this.#silence = silence;
  }

  defer(free: () => void): void {
    this.#frees.defer(free);
  }

  elapsedMs(): number {
    return performance.now() - this.#began;
  }

  /** The abort of the signal. */
  handleEvent(): void {
    const timedOut = isTimeout(this.signal.reason);
    const detail = `${timedOut ? 'timed out' : 'aborted'} while ${this.#doing}`;
    this.#conclude((timedOut && this.#silence) || { status: 'fail', detail });
  }

  #conclude(verdict: Verdict): void {
    if (this.#frees.ended) return;
    this.#end();
    const { latencyMs = this.elapsedMs(), detail } = verdict;
    if (detail === undefined) this.#resolve({ ...verdict, latencyMs });
    else this.#resolve({ ...verdict, latencyMs, detail: this.#options.redact(detail) });
  }

  #giveUp(error: unknown): void {
    if (this.#frees.ended) return;
    const { redact, unresolved, refused = 'fail', broken = 'throw' } = this.#options;
    const fault = refused === 'fail' ? targetFault(error) : undefined;
    const unknown = unresolved === 'fail' ? resolverFault(error) : undefined;
    const breakage = breakageOf(error, redact);
    const detail = fault ?? unknown ?? (broken === 'fail' ? breakage.message : undefined);
    if (detail === undefined) {
      this.#end();
      this.#reject(breakage);
    } else this.#conclude({ status: 'fail', detail });
  }

  #end(): void {
    this.signal.removeEventListener('abort', this);
    this.#frees.end();
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

function breakageOf(error: unknown, redact: Redact): WatchkeeperError {
  if (error instanceof WatchkeeperError) return error;
  const text = targetFault(error) ?? resolverFault(error) ?? (error instanceof Error ? error.message : String(error));
  const message = redact(text);
  // A cause that carries a secret would undo the redaction wherever errors are printed whole.
  return new CheckBrokenError(message, message === text ? error : undefined);
}
