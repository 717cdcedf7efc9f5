import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Connection } from './connection.ts';
import { Focus } from './focus.ts';
import { Population } from './population.ts';
import { View } from './view.ts';

/** What every part of the page works on. */
export type Page = {
  readonly population: Population;
  readonly view: View;
  readonly connection: Connection;
  readonly focus: Focus;
};

export function createPage(): Page {
  const population = new Population();
  const view = new View();
  const focus = new Focus(population);
  const connection = new Connection(population, focus, view.pulse);
  view.onSelect = (actorId) => connection.watch(actorId);
  connection.watch(view.choices.selected);
  return { population, view, focus, connection };
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('A part of the page stands outside of its PageContext');
  return page;
}
