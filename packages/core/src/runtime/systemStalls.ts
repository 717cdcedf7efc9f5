import type { Clock } from '../clock/clock.ts';
import { StallMeter, type Stalls } from './stallMeter.ts';

/** The part of Node that browsers lack; read from the global scope, since core imports nothing of Node. */
interface NodeProcess {
  getBuiltinModule?(name: string): { uptime?(): number } | undefined;
}

const os = (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.('os');

let shared: StallMeter | undefined;

/** A clock that is moved by hand knows no stalls: what it is late by, the checks themselves see. */
export const noStalls: Stalls = {
  begin: () => {},
  end: () => {},
  longestMs: () => 0,
  causeOf: () => undefined,
  causeAfterMs: 0,
};

/** The stalls of this process; none for a clock that is moved by hand. */
export function stallsOf(clock: Clock): Stalls {
  if (clock.partsPerSlice !== undefined) return noStalls;
  shared ??= new StallMeter({
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    bootMs: () => (os?.uptime === undefined ? undefined : os.uptime() * 1_000),
    every: (ms, tick) => {
      const timer: unknown = setInterval(tick, ms);
      (timer as { unref?(): void }).unref?.();
      return () => clearInterval(timer as number);
    },
    onCollection: observeCollections,
  });
  return shared;
}

function observeCollections(note: (startMs: number, durationMs: number) => void): void {
  if (typeof PerformanceObserver === 'undefined' || !PerformanceObserver.supportedEntryTypes.includes('gc')) return;
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) note(startTime, duration);
  });
  observer.observe({ entryTypes: ['gc'] });
}
