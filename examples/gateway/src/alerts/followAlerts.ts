import type { Supervisor } from '@watchkeeper/core';
import type { AlertDesk } from './desk.ts';
import { Outages } from './outages.ts';

/** Whom to tell, and how. */
export interface FollowInput {
  readonly desk: Pick<AlertDesk, 'tell'>;
  /** Names of the destinations for outages of a target that begin now. */
  readonly notifyOf: (id: string) => readonly string[];
}

/** Passes the alerts that a supervisor raises and clears on to a desk, until the supervisor ends. Answers the outages. */
export function followAlerts(
  keeper: Pick<Supervisor, 'events$' | 'monitorOf'>,
  { desk, notifyOf }: FollowInput,
): Outages {
  const outages = new Outages({ statusOf: (id) => keeper.monitorOf(id)?.status, notifyOf });
  keeper.events$.subscribe((event) => {
    const addressed = outages.note(event);
    if (addressed !== undefined) desk.tell(addressed.alert, addressed.to);
  });
  return outages;
}
