import type { InspectedKeeper } from './inspectedKeeper.ts';
import type { Roster } from './roster.ts';

/**
 * Where the inspector learns of actors.
 *
 * It is asked once in every tick, and only while somebody looks. It must note every actor that is new or has
 * changed since it was last asked, and end those that are gone.
 */
export interface ActorSource {
  read(roster: Roster): void;
}

/** Looks at every actor of a supervisor in each tick: nothing is laid into the actors, nothing runs between ticks. */
export function polledActors(keeper: Pick<InspectedKeeper, 'actors'>): ActorSource {
  return {
    read(roster) {
      for (const view of keeper.actors()) roster.note(view);
      roster.endUnseen();
    },
  };
}
