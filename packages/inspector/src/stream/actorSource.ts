import type { Supervisor } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ActorTable } from './actorTable.ts';

/**
 * Source of the actors that the inspector shows.
 *
 * It is read once in every tick, and only while a page is open. It must note every actor that is new or has changed
 * since it was last read, and end those that are gone.
 */
export interface ActorSource {
  read(table: ActorTable): void;
}

/** Source that asks a supervisor in each tick for changes: only actors that changed are read. */
export function watchedActors(supervisor: Pick<Supervisor, 'watchActors'>): ActorSource {
  const next = supervisor.watchActors();
  return {
    read(table) {
      const { changed, ended } = next();
      for (const actorId of ended) table.remove(actorId);
      for (const view of changed) table.note(view);
    },
  };
}

/** Source that reads every actor of a program in each tick: nothing runs between ticks. */
export function polledActors(supervisor: Pick<InspectedSupervisor, 'actors'>): ActorSource {
  return {
    read(table) {
      for (const view of supervisor.actors()) table.note(view);
      table.removeUnseen();
    },
  };
}
