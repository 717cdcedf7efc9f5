import { OpenRecording } from '../export/openRecording.tsx';
import { actorStatuses } from '../store/actorStatus.ts';
import type { ConnectionStatus } from '../store/connection.ts';
import { usePage } from '../store/page.ts';
import { count, milliseconds } from '../ui/format.ts';
import { Icon, Mark } from '../ui/icons.tsx';
import { StatusBar } from '../ui/statusBar.tsx';

const connectionLabels: Readonly<Record<ConnectionStatus, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  paused: 'Paused',
  recording: 'Recording',
  reconnecting: 'Reconnecting',
  refused: 'Not authorised',
};

/** Top of the page: name of the program, connection, counts by status, and controls. */
export function TopBar() {
  const { actors, connection, view } = usePage();
  const { theme } = view.choices;
  const { figures } = actors;
  const counts = Uint32Array.from(actorStatuses, (_, number) => actors.statusCount(number));
  const isResting = connection.status === 'paused' || connection.status === 'recording';
  const pauseLabels = { recording: 'Back to the program', paused: 'Resume the view' };
  const words = isResting ? pauseLabels[connection.status as 'recording' | 'paused'] : 'Pause the view';
  const mayDo = [...actors.commands, ...actors.machines.map((id) => `send events to ${id}`)];
  return (
    <header class="top">
      <div class="brand">
        <Mark />
        <h1>{actors.app === '' ? 'Watchkeeper' : actors.app}</h1>
      </div>
      <span class={`pill connection-${connection.status}`} role="status">
        <i class="lamp" aria-hidden="true" />
        {connectionLabels[connection.status]}
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
      <StatusBar counts={counts} onChoose={(status) => view.toggleStatus(status)} />
      <dl class="figures">
        <Figure name="actors" value={count(actors.size)} />
        <Figure name="changes/s" value={count(figures?.changesPerSecond ?? 0)} />
        <Figure name="ms loop p99" value={milliseconds(figures?.loopP99Ms ?? 0)} />
        <Figure name="dropped" value={count(figures?.lost.dropped ?? 0)} />
      </dl>
      <div class="top-buttons">
        <OpenRecording />
        {connection.hasProgram && (
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
