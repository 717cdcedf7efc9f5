import { setup } from 'xstate';

/** What the pulse of one peer is made of. */
export interface PeerPulseInput {
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  /** Asks the peer; `answered` is called when it has answered. */
  readonly ask: (answered: () => void) => void;
  /** Called once when the peer did not answer. */
  readonly lost: () => void;
}

/** Asks the peer of a connection now and then whether it is still there. */
export const peerPulseMachine = setup({
  types: {
    context: {} as PeerPulseInput,
    events: {} as { readonly type: 'answered' },
    input: {} as PeerPulseInput,
  },
  actions: {
    ask: ({ context, self }) =>
      context.ask(() => {
        if (self.getSnapshot().status === 'active') self.send({ type: 'answered' });
      }),
    tellLost: ({ context }) => context.lost(),
  },
  delays: {
    pingInterval: ({ context }) => context.pingIntervalMs,
    pongTimeout: ({ context }) => context.pongTimeoutMs,
  },
}).createMachine({
  id: 'peerPulse',
  context: ({ input }) => input,
  initial: 'resting',
  states: {
    resting: { after: { pingInterval: 'asking' } },
    asking: {
      entry: 'ask',
      on: { answered: 'resting' },
      after: { pongTimeout: 'lost' },
    },
    lost: { type: 'final', entry: 'tellLost' },
  },
});
