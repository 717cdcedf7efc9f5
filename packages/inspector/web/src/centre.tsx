import { HeadCounts } from './headCounts.tsx';
import { Mosaic } from './mosaic.tsx';

/** What is seen in the middle. */
export function Centre() {
  return (
    <main class="centre">
      <HeadCounts />
      <Mosaic />
    </main>
  );
}
