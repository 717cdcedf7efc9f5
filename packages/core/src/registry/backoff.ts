import { jittered } from '../runtime/random.ts';

/** How long to wait between tries. */
export interface Backoff {
  /** The first wait, in milliseconds. */
  readonly minMs: number;
  /** The longest wait before jitter, in milliseconds. */
  readonly maxMs: number;
  /** How much longer each wait is than the one before. */
  readonly factor: number;
  /** How far each wait may stray either way, as a share of it. */
  readonly jitter: number;
}

export const backoffDefaults = { minMs: 1_000, maxMs: 10_000, factor: 2, jitter: 0.1 } as const satisfies Backoff;

/**
 * The wait before try number `attempt`, which counts from 1: 1, 2, 4, 8, 10, 10 … seconds by default (INV-56).
 *
 * @param draw a number from 0 up to 1.
 */
export function backoffMs({ minMs, maxMs, factor, jitter }: Backoff, attempt: number, draw: number): number {
  return jittered(Math.min(maxMs, minMs * factor ** (attempt - 1)), jitter, draw);
}
