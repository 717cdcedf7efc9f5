import { assign } from 'xstate';
import { withCommands } from './monitorCommands.ts';
import { now } from './monitorContext.ts';

/** How a monitor's chart waits for its turn to check, and gives it back. */
export const withTurns = withCommands.extend({
  actions: {
    drawTicket: assign({ ticket: ({ context }) => context.ticket + 1 }),
    askForTurn: ({ context: { id, probe, turnstile, ticket }, self }) =>
      turnstile.ask({
        id,
        host: probe.host ?? `monitor:${id}`,
        give: () => self.send({ type: 'turn.given', ticket }),
      }),
    returnTurn: ({ context: { id, turnstile } }) => turnstile.leave(id),
  },
  guards: {
    isUnstaggered: ({ context }) => context.options.staggerMs === 0 && (context.memory?.dueAt ?? 0) <= now(context),
    isOurTurn: ({ context, event }) => event.type === 'turn.given' && event.ticket === context.ticket,
  },
  delays: {
    stagger: ({ context }) => {
      const { memory, options, runtime } = context;
      if (memory?.dueAt !== undefined) return Math.max(0, memory.dueAt - now(context));
      return options.staggerMs === 0 ? 0 : options.staggerMs * runtime.random();
    },
  },
});
