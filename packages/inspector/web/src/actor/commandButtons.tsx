import { useState } from 'preact/hooks';
import type { CommandName } from '../../../src/protocol/clientMessage.ts';
import type { ActorRow } from '../store/actors.ts';
import { usePage } from '../store/page.ts';

/** Choices for the duration of a pause. */
const pauses = [
  ['until resumed', undefined],
  ['for 1 min', 60_000],
  ['for 5 min', 300_000],
  ['for 15 min', 900_000],
  ['for 1 h', 3_600_000],
  ['for 8 h', 28_800_000],
] as const;

/** Buttons for the commands that the program allows for the actor. */
export function CommandButtons({ actor }: { readonly actor: ActorRow }) {
  const { actors, connection, selectedActor } = usePage();
  const [pauseNumber, setPauseNumber] = useState(0);
  const { kind, name, slot } = actor;
  const isPaused = actors
    .pathsOf(slot)
    .some((path) => path.endsWith('cadence.paused') || path.endsWith('cadence.pausedUntil'));
  const fitting: readonly CommandName[] =
    kind === 'supervisor' ? ['drain'] : kind === 'monitor' ? [isPaused ? 'resume' : 'pause', 'check', 'stop'] : [];
  const allowed = fitting.filter((command) => actors.commands.includes(command));
  const send = (command: CommandName) => {
    const isFinal = command === 'drain' || command === 'stop';
    if (isFinal && !window.confirm(confirmation(command, name, actors.size))) return;
    const ttlMs = command === 'pause' ? pauses[pauseNumber]?.[1] : undefined;
    connection.command(command, kind === 'monitor' ? name : undefined, ttlMs);
  };
  return (
    <>
      {selectedActor.answer !== undefined && <span role="alert">{selectedActor.answer}</span>}
      {allowed.includes('pause') && (
        <select
          class="command"
          aria-label="How long to pause"
          value={pauseNumber}
          onChange={(event) => setPauseNumber(Number(event.currentTarget.value))}
        >
          {pauses.map(([words], number) => (
            <option key={words} value={number}>
              {words}
            </option>
          ))}
        </select>
      )}
      {allowed.map((command) => (
        <button type="button" key={command} class="command" onClick={() => send(command)}>
          {command}
        </button>
      ))}
    </>
  );
}

function confirmation(command: CommandName, name: string, actors: number): string {
  return command === 'drain' ? `Drain ${name}? All ${actors} actors end.` : `Stop ${name}? It is not watched any more.`;
}
