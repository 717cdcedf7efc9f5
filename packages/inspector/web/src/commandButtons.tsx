import type { CommandName } from '../../src/inbound.ts';
import { usePage } from './page.ts';
import type { Resident } from './population.ts';

/** What may be done to the actor; nothing is shown that the program does not allow. */
export function CommandButtons({ resident }: { readonly resident: Resident }) {
  const { population, connection, focus } = usePage();
  const { kind, name, slot } = resident;
  const isPaused = population
    .pathsOf(slot)
    .some((path) => path.endsWith('cadence.paused') || path.endsWith('cadence.resting'));
  const fitting: readonly CommandName[] =
    kind === 'supervisor' ? ['drain'] : kind === 'monitor' ? [isPaused ? 'resume' : 'pause', 'check', 'stop'] : [];
  const allowed = fitting.filter((command) => population.commands.includes(command));
  const send = (command: CommandName) => {
    const isFinal = command === 'drain' || command === 'stop';
    if (isFinal && !window.confirm(confirmation(command, name, population.size))) return;
    connection.command(command, kind === 'monitor' ? name : undefined);
  };
  return (
    <>
      {focus.answer !== undefined && <span role="alert">{focus.answer}</span>}
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
