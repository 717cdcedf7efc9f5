import type { StateValue } from 'xstate';

/** Where a supervisor stands in its life. */
export type Phase = 'idle' | 'running' | 'draining' | 'stopped';

/** Where a supervisor stands whose chart stands so. */
export function phaseOf({ status, value }: { readonly status: string; readonly value: StateValue }): Phase {
  if (status !== 'active') return 'stopped';
  if (value === 'idle' || value === 'stopped') return value;
  return typeof value === 'object' && 'draining' in value ? 'draining' : 'running';
}
