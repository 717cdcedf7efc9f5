import { ActorView } from '../actor/actorView.tsx';
import { KindView } from '../overview/kindView.tsx';
import { Mosaic } from '../overview/mosaic.tsx';
import { usePage } from '../store/page.ts';

/** What is seen in the middle: one actor when one is selected, else all. */
export function MainPane() {
  const { actors, view } = usePage();
  const { selected } = view.choices;
  const slot = selected === undefined ? undefined : actors.slotOf(selected);
  const actor = slot === undefined ? undefined : actors.rows[slot];
  return (
    <main class="main-pane">
      {actor === undefined ? (
        <>
          <KindView />
          <Mosaic />
        </>
      ) : (
        <ActorView actor={actor} />
      )}
    </main>
  );
}
