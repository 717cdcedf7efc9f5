import { type ActorStatus, actorStatuses } from '../../src/protocol/actorStatus.ts';
import type { EnteredActor } from '../../src/protocol/serverMessage.ts';
import { Actors } from '../../web/src/store/actors.ts';

/** Number of a status in the protocol. */
export const numberOf = (status: ActorStatus) => actorStatuses.indexOf(status);

/** Actors with one monitor for each name and status, in slots from 0. */
export function populated(...given: readonly (readonly [name: string, status: ActorStatus])[]): Actors {
  const actors = new Actors();
  actors.begin('test', 'e', 0);
  actors.addStates(0, [['monitor', { watching: { cadence: 'waiting', health: 'healthy', alert: 'quiet' } }]]);
  actors.add(
    given.map(([name, status], slot): EnteredActor => [slot, 'monitor', name, `m.${name}`, 0, numberOf(status)]),
  );
  return actors;
}
