import { InvalidOptionError } from '../errors.ts';
import { durationMs, positiveNumber, type Rules, ratio, resolveOptions } from '../rules.ts';
import { jittered } from '../runtime/random.ts';

/** Exponential backoff with jitter. */
export interface Backoff {
  /** The first wait, in milliseconds. */
  readonly minMs: number;
  /** The longest wait before jitter, in milliseconds. */
  readonly maxMs: number;
  /** Ratio of each wait to the one before. */
  readonly factor: number;
  /** Greatest random deviation of a wait, as a share of it. */
  readonly jitter: number;
}

export const backoffDefaults = { minMs: 1_000, maxMs: 10_000, factor: 2, jitter: 0.1 } as const satisfies Backoff;

/**
 * The wait before attempt number `attempt`, counted from 1: 1, 2, 4, 8, 10, 10 … seconds by default (INV-56).
 *
 * @param draw a random number from 0 up to 1.
 */
export function backoffMs({ minMs, maxMs, factor, jitter }: Backoff, attempt: number, draw: number): number {
  return jittered(Math.min(maxMs, minMs * factor ** (attempt - 1)), jitter, draw);
}

const rules: Rules<Backoff> = { minMs: durationMs, maxMs: durationMs, factor: positiveNumber, jitter: ratio };

/** @throws {@link InvalidOptionError} for the first part that breaks its rule; `option` names the whole. */
export function resolveBackoff(option: string, given: Partial<Backoff> | undefined): Backoff {
  const backoff = resolveOptions<Backoff>(option, rules, backoffDefaults, given);
  if (backoff.minMs > backoff.maxMs) {
    throw new InvalidOptionError(`${option}.minMs`, `at most backoff.maxMs, which is ${backoff.maxMs}`, backoff.minMs);
  }
  return backoff;
}
