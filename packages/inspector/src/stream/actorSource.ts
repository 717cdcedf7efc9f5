import type { Supervisor } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { Roster } from './actorTable.ts';

/**
 * Where the inspector learns of actors.
 *
 * It is asked once in every tick, and only while somebody looks. It must note every actor that is new or has
 * changed since it was last asked, and end those that are gone.
 */
export interface ActorSource {
  read(roster: Roster): void;
}

/** Asks a supervisor in each tick what became of its actors: only those that changed are looked at. */
export function watchedActors(keeper: Pick<Supervisor, 'watchActors'>): ActorSource {
  const next = keeper.watchActors();
  return {
    read(roster) {
      const { changed, ended } = next();
      for (const actorId of ended) roster.end(actorId);
      for (const view of changed) roster.note(view);
    },
  };
}

/** Looks at every actor of a program in each tick: nothing is laid into the actors, nothing runs between ticks. */
export function polledActors(keeper: Pick<InspectedSupervisor, 'actors'>): ActorSource {
  return {
    read(roster) {
      for (const view of keeper.actors()) roster.note(view);
      roster.endUnseen();
    },
  };
}
