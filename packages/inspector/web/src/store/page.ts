import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Actors } from './actors.ts';
import { Connection } from './connection.ts';
import type { Recording } from './recording.ts';
import { Replay } from './replay.ts';
import { SelectedActor } from './selectedActor.ts';
import { ViewOptions } from './viewOptions.ts';

/** State of the page, shared by all components. */
export type Page = {
  readonly actors: Actors;
  readonly view: ViewOptions;
  readonly connection: Connection;
  readonly selectedActor: SelectedActor;
  readonly replay: Replay;
  /** Shows a recording in the place of the program. */
  readonly openRecording: (recording: Recording) => void;
};

export function createPage(): Page {
  const actors = new Actors();
  const view = new ViewOptions();
  const selectedActor = new SelectedActor(actors);
  const connection = new Connection(actors, selectedActor, view.scheduler);
  const replay = new Replay(view.scheduler);
  view.onSelect = (actorId) => {
    replay.leave();
    connection.watch(actorId);
  };
  connection.watch(view.choices.selected);
  const openRecording = (recording: Recording) => {
    connection.disconnect('recording');
    actors.loadRecording(recording);
    view.choose({ selected: recording.actor.actorId, kind: recording.actor.kind });
    selectedActor.loadRecording(recording);
  };
  return { actors, view, selectedActor, connection, replay, openRecording };
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('A part of the page stands outside of its PageContext');
  return page;
}
