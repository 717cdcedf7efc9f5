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
