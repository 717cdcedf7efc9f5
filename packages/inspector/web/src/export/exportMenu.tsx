import type { Chart } from '../chart/chart.ts';
import { chartImage } from '../chart/chartImage.ts';
import type { ActorRow } from '../store/actors.ts';
import { usePage } from '../store/page.ts';
import { download } from '../ui/download.ts';
import { Icon } from '../ui/icons.tsx';
import { recordActor } from './recordActor.ts';
import { canBeTested, replayTest } from './replayTest.ts';
import { savedPage } from './savedPage.ts';

type ExportMenuInput = { readonly actor: ActorRow; readonly chart: Chart | undefined };

/** Menu of exports of one actor: its recording as JSON, as a page and as a test, and its chart. */
export function ExportMenu({ actor, chart }: ExportMenuInput) {
  const { actors, selectedActor, connection } = usePage();
  const { kind, name } = actor;
  const file = `${kind}-${name}`;
  const recording = () => recordActor(actors, selectedActor, actor, actors.graphs.get(kind));
  const ways = [
    ['Recording', () => download(`${file}.json`, 'application/json', JSON.stringify(recording(), undefined, 1))],
    // A page that was saved cannot read itself: a browser keeps files from reading files.
    ...(connection.hasProgram
      ? [
          [
            'Page with the recording',
            async () => download(`${file}.html`, 'text/html', await savedPage(recording(), chart)),
          ] as const,
        ]
      : []),
    ...(canBeTested(recording())
      ? [['Replay test', () => download(`${file}.test.ts`, 'text/plain', replayTest(recording()))] as const]
      : []),
    ...(chart === undefined
      ? []
      : [['Chart as SVG', () => download(`${file}.svg`, 'image/svg+xml', chartImage())] as const]),
  ] as const;
  return (
    <details class="menu">
      <summary class="command">
        <Icon name="save" /> Export
      </summary>
      <ul>
        {ways.map(([label, save]) => (
          <li key={label}>
            <button
              type="button"
              onClick={(event) => {
                event.currentTarget.closest('details')?.removeAttribute('open');
                void save();
              }}
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
