import type { StateValue } from 'xstate';
import type { Phase } from '../supervisor.ts';

/** Where a supervisor stands whose chart stands so. */
export function phaseOf({ status, value }: { readonly status: string; readonly value: StateValue }): Phase {
  if (status !== 'active') return 'stopped';
  if (value === 'idle' || value === 'stopped') return value;
  return typeof value === 'object' && 'draining' in value ? 'draining' : 'running';
}
