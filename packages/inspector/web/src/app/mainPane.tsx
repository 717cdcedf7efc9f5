import { ActorView } from '../actor/actorView.tsx';
import { KindView } from '../overview/kindView.tsx';
import { Mosaic } from '../overview/mosaic.tsx';
import { usePage } from '../store/page.ts';

/** Middle of the page: the selected actor, or all actors. */
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
