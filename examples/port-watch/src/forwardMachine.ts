import { backoffDefaults, backoffMs, type Monitor } from '@watchkeeper/core';
import { assertEvent, assign, setup } from 'xstate';
import { type CommandEvent, type CommandInput, commandLogic } from './command.ts';

/** Input of the forward machine. */
export type ForwardInput = {
  readonly command: CommandInput;
  /** Told when the connection behind its port is new, and when it is being brought back. */
  readonly monitor: Pick<Monitor, 'markConnected' | 'markReconnecting'>;
  readonly say: (line: string) => void;
};

type ForwardContext = ForwardInput & { readonly attempt: number; readonly pid: number };

/** Keeps a command running: starts it again when it ends, does not get ready, or is to be renewed. */
export const forwardMachine = setup({
  types: {
    context: {} as ForwardContext,
    events: {} as CommandEvent | { readonly type: 'renew'; readonly why: string },
    input: {} as ForwardInput,
  },
  actors: { command: commandLogic },
  actions: {
    notePid: assign(({ event }) => {
      assertEvent(event, 'ready');
      return { pid: event.pid };
    }),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1, pid: 0 }),
    forgetAttempts: assign({ attempt: 0 }),
    markConnected: ({ context }) => context.monitor.markConnected(),
    markReconnecting: ({ context }) => context.monitor.markReconnecting(),
    sayReady: ({ context }) => context.say(`runs as process ${context.pid}`),
    sayWhy: ({ context, event }) => {
      assertEvent(event, ['exited', 'renew']);
      context.say(`is brought back: ${event.why}`);
    },
    sayLate: ({ context }) => context.say('is brought back: it did not get ready'),
  },
  delays: {
    /** A command that lasts this long starts counting anew. */
    lasting: 5_000,
    readiness: 10_000,
    backoff: ({ context }) => backoffMs({ ...backoffDefaults, minMs: 250 }, context.attempt, Math.random()),
  },
}).createMachine({
  id: 'forward',
  context: ({ input }) => ({ ...input, attempt: 0, pid: 0 }),
  initial: 'running',
  states: {
    running: {
      invoke: { src: 'command', input: ({ context }) => context.command },
      on: { exited: { target: 'waiting', actions: 'sayWhy' } },
      initial: 'connecting',
      states: {
        connecting: {
          on: { ready: { target: 'connected', actions: 'notePid' } },
          after: { readiness: { target: '#forward.waiting', actions: 'sayLate' } },
        },
        connected: {
          entry: ['sayReady', 'markConnected'],
          // Only here: whatever is being brought back already is not begun anew.
          on: { renew: { target: '#forward.waiting', actions: 'sayWhy' } },
          after: { lasting: { actions: 'forgetAttempts' } },
        },
      },
    },
    waiting: {
      entry: ['countAttempt', 'markReconnecting'],
      after: { backoff: 'running' },
    },
  },
});
