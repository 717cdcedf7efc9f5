import type { SnapshotFrom } from 'xstate';
import type { ServingStatus } from '../protocol/healthProto.ts';
import type { MigrationHint } from '../protocol/migrationHint.ts';
import type { healthWatchMachine } from './healthWatchMachine.ts';

type Snapshot = SnapshotFrom<typeof healthWatchMachine>;

/** State of a health watch at one moment. Plain and serialisable. */
export type HealthView = {
  /**
   * `connecting`, for the first time or anew, `watching` by Watch, `checking` by Check, `unchecked` since the server has
   * neither, `retrying` since it cannot be reached, or `closed` by us.
   */
  readonly mode: 'connecting' | 'watching' | 'checking' | 'unchecked' | 'retrying' | 'closed';
  /** The latest status from the server, also while it is connected to anew; `UNKNOWN` while it cannot be reached. */
  readonly status: ServingStatus;
  /** Why it cannot be reached. */
  readonly detail?: string;
  /** Where the server asked its clients to go and when, until it is heard again. */
  readonly hint?: MigrationHint;
};

/** @returns the view of a health watch in this snapshot. */
export function healthViewOf(snapshot: Snapshot): HealthView {
  const { status, failure, hint } = snapshot.context;
  return {
    mode: modeOf(snapshot),
    status,
    ...(failure === undefined ? {} : { detail: failure.details }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function modeOf(snapshot: Snapshot): HealthView['mode'] {
  if (snapshot.matches({ watching: 'connecting' }) || snapshot.matches('rotating')) return 'connecting';
  if (snapshot.matches('watching')) return 'watching';
  if (snapshot.matches('checking')) return 'checking';
  if (snapshot.matches('unchecked')) return 'unchecked';
  return snapshot.matches('retrying') ? 'retrying' : 'closed';
}

/** Whether anything is known: a status from the server, or why there is none. */
export const isKnown = (snapshot: Snapshot): boolean =>
  snapshot.context.status !== 'UNKNOWN' || snapshot.context.failure !== undefined || !snapshot.hasTag('pending');

/** Whether two views are equal. */
export const isSameView = (one: HealthView, other: HealthView): boolean =>
  one.mode === other.mode && one.status === other.status && one.detail === other.detail && one.hint === other.hint;
