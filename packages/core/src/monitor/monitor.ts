import type { Observable } from 'rxjs';
import type { Health } from '../model/health.ts';
import type { Plane } from '../model/plane.ts';
import type { Probe } from '../model/probe.ts';
import type { Verdict } from '../model/verdict.ts';
import type { CheckFailure } from './checkFailure.ts';
import type { MonitorOptions } from './monitorOptions.ts';
import type { PauseOptions } from './pauseOptions.ts';

/** All that is known of one target at one moment. Plain and serialisable; times are epoch milliseconds. */
export type MonitorStatus = {
  readonly id: string;
  /** The name of the probe that asks. */
  readonly probe: string;
  readonly health: Health;
  /** In a pause: what counts for it in planes, composites and dependencies; absent where nothing is known of it. */
  readonly assumed?: Health;
  /** Since when it has been so. */
  readonly since: number;
  /** One line on why. */
  readonly detail?: string;
  /** What the last check found; absent before the first, and when the check broke. */
  readonly verdict?: Verdict;
  /** When the last check ended. */
  readonly checkedAt?: number;
  /** When a check last passed (INV-68). */
  readonly healthyAt?: number;
  /** Failed checks in a row. */
  readonly failures: number;
  /** The latest checks that failed or broke, the latest last; apart from those that passed since. */
  readonly lastFailures: readonly CheckFailure[];
  /** How much of its usual load the target can take now, from 0 to 1: nothing of it while it is not ready for work. */
  readonly weight: number;
  /** Whether an alert is raised. */
  readonly alerting: boolean;
  /** Whether an alert is raised and the target paused, so that nobody is to be disturbed by it. */
  readonly alertSilenced: boolean;
  /** Whether an alert is due and held back. */
  readonly alertHeld: boolean;
  /** Whether it falls again and again, so that its alerts are held. */
  readonly flapping: boolean;
  /** What can be counted on: `unhealthy` where the target itself works and something it depends on is down. */
  readonly effectiveHealth: Health;
  /** Where something it depends on is down: the monitor at the bottom of it. */
  readonly rootCause?: string;
  /** The planes of the program that depend on it. */
  readonly requiredFor: readonly Plane[];
  readonly tags: readonly string[];
  /** The registration this belongs to; grows with every update. */
  readonly epoch: number;
};

/** What may change about a running monitor. A new probe begins anew, at `starting` (INV-66). */
export interface MonitorUpdate extends MonitorOptions {
  readonly probe?: Probe;
}

/** One watched target. */
export interface Monitor {
  readonly id: string;
  readonly health: Health;
  /** The present health, then each change, then completion when the monitor stops. */
  readonly health$: Observable<Health>;
  readonly status: MonitorStatus;
  /** Asks now. While a check is under way, any number of calls become one more check after it (INV-46). */
  check(): void;
  /**
   * Stops asking, until {@link Monitor.resume} or for a while. Planes, composites and dependencies keep what was known of the
   * target meanwhile, or what is to be assumed; an alert that is raised stays so, silenced.
   *
   * @throws {@link InvalidOptionError} for the first option that breaks its rule.
   */
  pause(options?: PauseOptions): void;
  /** Asks again after a pause, at once. */
  resume(): void;
  /**
   * Changes the probe or the options. The verdict of a check under way is discarded. One that crashed and waits to
   * begin again begins with what it was told last; of all that it is told meanwhile this, pauses and
   * {@link Monitor.stop} count.
   * @throws {@link InvalidOptionError} for the first option that breaks its rule.
   * @throws {@link UnknownIdError} when it would depend on a monitor that does not run.
   * @throws {@link CycleError} when it would depend on itself, directly or through others.
   */
  update(change: MonitorUpdate): void;
  /** Says that the connection behind the target is new: its age begins again, and it is checked at once. */
  markConnected(): void;
  /** Says that the target is being brought back. The verdict of a check under way is discarded (INV-45). */
  markReconnecting(): void;
  /** Says that the target was just seen working; an idle rule counts from here. */
  recordActivity(): void;
  /** Ends the monitor, whether it runs, has not begun or waits to begin again. Nothing of it runs afterwards (INV-48). */
  stop(): void;
}
