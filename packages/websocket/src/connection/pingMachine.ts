import { setup } from 'xstate';

/** What a pulse is made of. */
export interface PulseInput {
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  readonly ping: () => void;
  /** Called once when the peer did not answer. */
  readonly lost: () => void;
}

/** Asks a peer now and then whether it is still there. Whatever is heard of it is an answer. */
export const pulseMachine = setup({
  types: {
    context: {} as PulseInput,
    events: {} as { readonly type: 'heard' },
    input: {} as PulseInput,
  },
  actions: {
    ping: ({ context }) => context.ping(),
    tellLost: ({ context }) => context.lost(),
  },
  delays: {
    pingInterval: ({ context }) => context.pingIntervalMs,
    pongTimeout: ({ context }) => context.pongTimeoutMs,
  },
}).createMachine({
  id: 'pulse',
  context: ({ input }) => input,
  initial: 'resting',
  states: {
    resting: { after: { pingInterval: 'asking' } },
    asking: {
      entry: 'ping',
      on: { heard: 'resting' },
      after: { pongTimeout: 'lost' },
    },
    lost: { type: 'final', entry: 'tellLost' },
  },
});
