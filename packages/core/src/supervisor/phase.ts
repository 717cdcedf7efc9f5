import type { StateValue } from 'xstate';

/** Phase of a supervisor's life. */
export type Phase = 'idle' | 'running' | 'draining' | 'stopped';

/** Returns the phase of a supervisor from the snapshot of its actor. */
export function phaseOf({ status, value }: { readonly status: string; readonly value: StateValue }): Phase {
  if (status !== 'active') return 'stopped';
  if (value === 'idle' || value === 'stopped') return value;
  return typeof value === 'object' && 'draining' in value ? 'draining' : 'running';
}
