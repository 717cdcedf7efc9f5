import type { StopReason } from '../model/service.ts';
import type { RunEvent } from './runScope.ts';

/** What a service runs: calls outside of every transition, and what comes of them as events. */
export interface ServicePort {
  /** Begins a run. What an older one says counts for nothing from now on. */
  begin(run: number, tell: (event: RunEvent) => void): void;
  /** Tells the run to take no more work. */
  quiesce(): void;
  /** Tells the run to end. Telling it again does nothing. */
  stop(reason: StopReason): void;
  /** When the run last said that it is alive, in epoch milliseconds; when it began, at first. */
  readonly beatAt: number;
  /** Has the next beat told as an event: one is overdue. */
  awaitBeat(): void;
}
