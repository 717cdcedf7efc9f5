import { Mosaic } from './mosaic.tsx';
import { PopulationView } from './populationView.tsx';

/** What is seen in the middle. */
export function Centre() {
  return (
    <main class="centre">
      <PopulationView />
      <Mosaic />
    </main>
  );
}
