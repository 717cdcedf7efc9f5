import { ActorView } from '../actor/actorView.tsx';
import { PopulationView } from '../overview/kindView.tsx';
import { Mosaic } from '../overview/mosaic.tsx';
import { usePage } from '../store/page.ts';

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
