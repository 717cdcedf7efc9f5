import { reportUnhandledError } from '../reportUnhandledError.ts';
import { TimingWheel, type WheelHost } from './timingWheel.ts';

const systemHost: WheelHost = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  wakeIn: (delayMs, wake) => setTimeout(wake, delayMs),
  cancelWake: (handle) => clearTimeout(handle as number),
  report: reportUnhandledError,
};

let shared: TimingWheel | undefined;

/**
 * The clock of this process: one shared {@link TimingWheel}, made on the first call.
 *
 * Timers are kept to 10 ms, never early. It keeps a Node program alive exactly as long as one of its timers is armed,
 * like `setTimeout`. Timers count monotonic time: setting the wall clock does not move them, and after a
 * suspend they go on where they were. What a callback throws becomes an uncaught exception of its own task.
 */
export function systemClock(): TimingWheel {
  shared ??= new TimingWheel({ host: systemHost });
  return shared;
}
