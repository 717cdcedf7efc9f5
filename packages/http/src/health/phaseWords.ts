import type { Supervisor } from '@watchkeeper/core';

/** The part of a supervisor that says where it is in its life. */
export type PhaseSource = Pick<Supervisor, 'phase'> & Partial<Pick<Supervisor, 'startIgnored'>>;

/** @returns in a few words why a program that does not run is not ready, and what its author may have got wrong. */
export function phaseWords({ phase, startIgnored }: PhaseSource): string {
  if (phase === 'idle') return 'start() was not called';
  return startIgnored === true ? `${phase}: start() came too late and did nothing` : phase;
}
