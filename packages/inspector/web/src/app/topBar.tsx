import { RecordingOpener } from '../export/openRecording.tsx';
import { standings } from '../store/actorStatus.ts';
import type { Link } from '../store/connection.ts';
import { usePage } from '../store/page.ts';
import { count, milliseconds } from '../ui/format.ts';
import { Icon, Mark } from '../ui/icons.tsx';
import { StandingBar } from '../ui/statusBar.tsx';

const linkWords: Readonly<Record<Link, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  paused: 'Paused',
  recording: 'Recording',
  reconnecting: 'Reconnecting',
  refused: 'Not authorised',
};

/** Whose program this is, whether what is seen is live, and how the whole stands. */
export function TopBar() {
  const { population, connection, view } = usePage();
  const { theme } = view.choices;
  const { figures } = population;
  const counts = Uint32Array.from(standings, (_, number) => population.standingCount(number));
  const isResting = connection.link === 'paused' || connection.link === 'recording';
  const pauseWords = { recording: 'Back to the program', paused: 'Resume the view' };
  const words = isResting ? pauseWords[connection.link as 'recording' | 'paused'] : 'Pause the view';
  const mayDo = [...population.commands, ...population.machines.map((id) => `send events to ${id}`)];
  return (
    <header class="top">
      <div class="brand">
        <Mark />
        <h1>{population.app === '' ? 'Watchkeeper' : population.app}</h1>
      </div>
      <span class={`pill link-${connection.link}`} role="status">
        <i class="lamp" aria-hidden="true" />
        {linkWords[connection.link]}
      </span>
      {mayDo.length === 0 ? (
        <span class="pill read-only" title="Nothing can be changed from this page">
          <Icon name="lock" />
          Read-only
        </span>
      ) : (
        <span class="pill read-only" title={`This page may ${mayDo.join(', ')}`}>
          <Icon name="bolt" />
          Control
        </span>
      )}
      <StandingBar counts={counts} onChoose={(standing) => view.toggleStanding(standing)} />
      <dl class="figures">
        <Figure name="actors" value={count(population.size)} />
        <Figure name="changes/s" value={count(figures?.changesPerSecond ?? 0)} />
        <Figure name="ms loop p99" value={milliseconds(figures?.loopP99Ms ?? 0)} />
        <Figure name="dropped" value={count(figures?.lost.dropped ?? 0)} />
      </dl>
      <div class="top-buttons">
        <RecordingOpener />
        {connection.canFollow && (
          <button
            type="button"
            class="plain"
            onClick={() => connection.togglePause()}
            aria-label={words}
            title={`${words} (space)`}
          >
            <Icon name={isResting ? 'resume' : 'pause'} />
          </button>
        )}
        <button
          type="button"
          class="plain"
          onClick={() => view.choose({ theme: theme === 'dark' ? 'light' : 'dark' })}
          aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
          title="Theme (t)"
        >
          <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
        </button>
      </div>
    </header>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
