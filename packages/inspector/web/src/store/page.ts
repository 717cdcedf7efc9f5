import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Population } from './actors.ts';
import { Connection } from './connection.ts';
import type { Recording } from './recording.ts';
import { Replay } from './replay.ts';
import { Focus } from './selectedActor.ts';
import { View } from './viewOptions.ts';

/** What every part of the page works on. */
export type Page = {
  readonly population: Population;
  readonly view: View;
  readonly connection: Connection;
  readonly focus: Focus;
  readonly replay: Replay;
  /** Shows a recording in the place of the program. */
  readonly recall: (recording: Recording) => void;
};

export function createPage(): Page {
  const population = new Population();
  const view = new View();
  const focus = new Focus(population);
  const connection = new Connection(population, focus, view.pulse);
  const replay = new Replay(view.pulse);
  view.onSelect = (actorId) => {
    replay.leave();
    connection.watch(actorId);
  };
  connection.watch(view.choices.selected);
  const recall = (recording: Recording) => {
    connection.rest('recording');
    population.recall(recording);
    view.choose({ selected: recording.actor.actorId, kind: recording.actor.kind });
    focus.recall(recording);
  };
  return { population, view, focus, connection, replay, recall };
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('A part of the page stands outside of its PageContext');
  return page;
}
