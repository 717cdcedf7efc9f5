import { isUnrecoverable } from '../errors.ts';
import type { RunEnd } from '../model/service.ts';
import { backoffMs } from '../registry/backoff.ts';
import { shouldRestart } from '../registry/restartPolicy.ts';
import type { ServiceEntry } from './serviceTable.ts';

/** What follows an ended run. */
export type AfterRun =
  | { readonly next: 'begin' | 'let.go' | 'give.up' }
  | { readonly next: 'retry'; readonly delayMs: number; readonly attempt: number }
  /** Its restart would have been one too many, or could not help. */
  | { readonly next: 'escalate'; readonly restarts: number };

/** How a run ended, and what draws the jitter of the wait for the next. */
export interface EndedRun {
  readonly how: RunEnd;
  readonly cause: unknown;
  readonly now: number;
  /** A random number from 0 up to 1. */
  readonly draw: number;
}

/** Decides what follows an ended run, as Erlang/OTP does (INV-91), and counts it. */
export function afterRun(entry: ServiceEntry, { how, cause, now, draw }: EndedRun): AfterRun {
  const { options, history } = entry;
  if (how === 'restart') return { next: 'begin' };
  const isFailure = how !== 'done';
  if (isFailure && isUnrecoverable(cause)) return { next: 'escalate', restarts: entry.past.attempts };
  if (!shouldRestart(options.restart, isFailure ? 'failed' : 'done')) return { next: isFailure ? 'give.up' : 'let.go' };
  const decision = history.decide(entry, now);
  if (!decision.allowed) return { next: 'escalate', restarts: decision.restarts.length };
  const attempt = history.countAttempt(entry, now);
  return { next: 'retry', delayMs: backoffMs(options.backoff, attempt, draw), attempt };
}
