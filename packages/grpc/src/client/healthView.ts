import type { SnapshotFrom } from 'xstate';
import type { ServingStatus } from '../protocol/healthProto.ts';
import type { healthWatchMachine } from './healthWatchMachine.ts';

type Snapshot = SnapshotFrom<typeof healthWatchMachine>;

/** What is known of a server at one moment. Plain and serialisable. */
export type HealthView = {
  /**
   * How the server is heard: `connecting`, `watching` by Watch, `checking` by Check, `unchecked` since it has
   * neither, `retrying` since it cannot be reached, or `closed`, since we hung up.
   */
  readonly mode: 'connecting' | 'watching' | 'checking' | 'unchecked' | 'retrying' | 'closed';
  /** What it last said; `UNKNOWN` while it cannot be heard. */
  readonly status: ServingStatus;
  /** Why it cannot be heard. */
  readonly detail?: string;
};

/** What a health watch knows now. */
export function viewOf(snapshot: Snapshot): HealthView {
  const { status, failure } = snapshot.context;
  return { mode: modeOf(snapshot), status, ...(failure === undefined ? {} : { detail: failure.details }) };
}

function modeOf(snapshot: Snapshot): HealthView['mode'] {
  if (snapshot.matches({ watching: 'connecting' })) return 'connecting';
  if (snapshot.matches('watching')) return 'watching';
  if (snapshot.matches('checking')) return 'checking';
  if (snapshot.matches('unchecked')) return 'unchecked';
  return snapshot.matches('retrying') ? 'retrying' : 'closed';
}

/** Whether there is anything to say: the server's word, or why there is none. */
export const hasWord = (snapshot: Snapshot): boolean =>
  snapshot.context.status !== 'UNKNOWN' || snapshot.context.failure !== undefined || !snapshot.hasTag('waiting');

/** Whether nothing changed from one view to the other. */
export const isSame = (one: HealthView, other: HealthView): boolean =>
  one.mode === other.mode && one.status === other.status && one.detail === other.detail;
