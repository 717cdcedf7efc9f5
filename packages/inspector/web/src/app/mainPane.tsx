import { ActorView } from './actorView.tsx';
import { Mosaic } from './mosaic.tsx';
import { usePage } from './page.ts';
import { PopulationView } from './populationView.tsx';

/** What is seen in the middle: one actor when one is selected, else all. */
export function Centre() {
  const { population, view } = usePage();
  const { selected } = view.choices;
  const slot = selected === undefined ? undefined : population.slotOf(selected);
  const resident = slot === undefined ? undefined : population.residents[slot];
  return (
    <main class="centre">
      {resident === undefined ? (
        <>
          <PopulationView />
          <Mosaic />
        </>
      ) : (
        <ActorView resident={resident} />
      )}
    </main>
  );
}
