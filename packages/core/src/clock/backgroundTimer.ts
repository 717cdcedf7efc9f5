import type { Clock } from './clock.ts';
import { systemClock } from './systemClock.ts';

/**
 * Calls `callback` once, `delayMs` milliseconds from now. On the system's clock it does not keep the program alive, which
 * the timers of that clock do.
 *
 * @returns a function that cancels it.
 */
export function backgroundTimer(clock: Clock, delayMs: number, callback: () => void): () => void {
  if (clock !== systemClock()) {
    const handle = clock.setTimeout(callback, delayMs);
    return () => clock.clearTimeout(handle);
  }
  const timer = setTimeout(callback, delayMs);
  (timer as { unref?(): void }).unref?.(); // browsers have none
  return () => clearTimeout(timer);
}
