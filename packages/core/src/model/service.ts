import type { ServiceStopError } from '../errors.ts';
import type { Health } from './health.ts';
import type { Plane } from './plane.ts';

/** Why a run was told to stop. */
export type StopReason = ServiceStopError['reason'];

/**
 * Where a service stands.
 *
 * `idle` the supervisor has not started · `waiting` for what it depends on · `starting` runs, and has not said that it is
 * ready · `running` · `quiescing` finishes what it has, since a drain began · `stopping` was told to stop · `stuck` was told
 * to stop for a restart, and does not · `ended` its run is over, and it is decided what follows · `backingOff` waits for its
 * next run · `stopped` · `failed` it is not run again.
 */
export type ServiceState =
  | 'idle'
  | 'waiting'
  | 'starting'
  | 'running'
  | 'quiescing'
  | 'stopping'
  | 'stuck'
  | 'ended'
  | 'backingOff'
  | 'stopped'
  | 'failed';

/** How one run ended: it was `done`, it `crashed`, or it was told to stop for this reason. */
export type RunEnd = StopReason | 'done' | 'crashed';

/** How a service ended for good. */
export type ServiceEnd = {
  readonly reason: 'done' | 'stopped' | 'failed';
  /** Whether it was given less time than its `shutdownMs`, since the supervisor had no more. */
  readonly forced: boolean;
  /** Whether its run had not ended when that was no longer waited for. */
  readonly unfinished: boolean;
  /** One line on why. */
  readonly detail?: string;
};

/** All that is known of one service at one moment. Plain and serialisable; times are epoch milliseconds. */
export type ServiceStatus = {
  readonly id: string;
  readonly state: ServiceState;
  readonly health: Health;
  /** Since when its health has been so. */
  readonly since: number;
  /** One line on why. */
  readonly detail?: string;
  /** The present run, or the last one; 0 before the first. */
  readonly run: number;
  /** Runs that were begun again after a failure, since it last ran for longer than the period of its restart limit. */
  readonly restarts: number;
  /** When the present run began. */
  readonly startedAt?: number;
  /** When the present run said that it is ready. */
  readonly readyAt?: number;
  /** While it waits: what it depends on that is not ready. */
  readonly waitsFor?: readonly string[];
  /** While it is not restarted although it is unhealthy: what is down at the bottom of that. */
  readonly heldBy?: string;
  /** While it backs off: when its next run is due. */
  readonly nextAt?: number;
  readonly requiredFor: readonly Plane[];
  /** Where something it depends on is down: what is at the bottom of that. */
  readonly rootCause?: string;
  /** How the last run ended. */
  readonly last?: { readonly how: RunEnd; readonly at: number; readonly detail?: string };
};
