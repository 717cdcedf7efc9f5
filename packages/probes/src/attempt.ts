import { defineProbe, type Probe, type Verdict, WatchkeeperError } from '@watchkeeper/core';
import { CheckBrokenError } from './errors.ts';
import { resolverFault, targetFault } from './faults.ts';
import { createFrees } from './frees.ts';
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
    (signal) => new Promise((resolve, reject) => run(options, ask, signal, resolve, reject)),
    { host: options.host?.toLowerCase() },
  );
}

function run(
  { redact, unresolved, refused = 'fail', broken = 'throw' }: AttemptOptions,
  ask: (attempt: Attempt) => Promise<Verdict>,
  signal: AbortSignal,
  resolve: (verdict: Verdict) => void,
  reject: (error: WatchkeeperError) => void,
): void {
  const began = performance.now();
  const frees = createFrees();
  let doing = 'starting';
  let silence: Verdict | undefined;
  const elapsedMs = (): number => performance.now() - began;

  const conclude = (verdict: Verdict): void => {
    if (frees.ended) return;
    frees.end();
    const detail = verdict.detail === undefined ? {} : { detail: redact(verdict.detail) };
    resolve({ latencyMs: elapsedMs(), ...verdict, ...detail });
  };
  const giveUp = (error: unknown): void => {
    if (frees.ended) return;
    const fault = refused === 'fail' ? targetFault(error) : undefined;
    const unknown = unresolved === 'fail' ? resolverFault(error) : undefined;
    const breakage = breakageOf(error, redact);
    const detail = fault ?? unknown ?? (broken === 'fail' ? breakage.message : undefined);
    if (detail === undefined) {
      frees.end();
      reject(breakage);
    } else conclude({ status: 'fail', detail });
  };
  const abort = (): void => {
    const timedOut = isTimeout(signal.reason);
    conclude(
      (timedOut && silence) || { status: 'fail', detail: `${timedOut ? 'timed out' : 'aborted'} while ${doing}` },
    );
  };

  signal.addEventListener('abort', abort);
  frees.defer(() => signal.removeEventListener('abort', abort));
  const stage = (now: string, verdict?: Verdict): void => {
    doing = now;
    silence = verdict;
  };
  if (signal.aborted) abort();
  else ask({ signal, stage, defer: frees.defer, elapsedMs }).then(conclude, giveUp);
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
