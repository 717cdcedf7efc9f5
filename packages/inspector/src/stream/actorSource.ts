import type { Supervisor } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ActorTable } from './actorTable.ts';

/**
 * Where the inspector learns of actors.
 *
 * It is asked once in every tick, and only while somebody looks. It must note every actor that is new or has
 * changed since it was last asked, and end those that are gone.
 */
export interface ActorSource {
  read(table: ActorTable): void;
}

/** Asks a supervisor in each tick what became of its actors: only those that changed are looked at. */
export function watchedActors(supervisor: Pick<Supervisor, 'watchActors'>): ActorSource {
  const next = supervisor.watchActors();
  return {
    read(table) {
      const { changed, ended } = next();
      for (const actorId of ended) table.end(actorId);
      for (const view of changed) table.note(view);
    },
  };
}

/** Looks at every actor of a program in each tick: nothing is laid into the actors, nothing runs between ticks. */
export function polledActors(supervisor: Pick<InspectedSupervisor, 'actors'>): ActorSource {
  return {
    read(table) {
      for (const view of supervisor.actors()) table.note(view);
      table.endUnseen();
    },
  };
}
