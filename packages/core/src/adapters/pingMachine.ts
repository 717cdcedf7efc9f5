import { setup } from 'xstate';

/** Input of the ping machine. */
export interface PingInput {
  /** How long to wait after an answer before the next ping, in milliseconds. */
  readonly pingIntervalMs: number;
  /** How long an answer may take, in milliseconds. */
  readonly pongTimeoutMs: number;
  /** Sends a ping. Must not throw. */
  readonly ping: () => void;
  /** Called once, when the peer did not answer in time. Must not throw. */
  readonly lost: () => void;
}

/** Events of the ping machine: whatever is heard of the peer is an answer. */
export type PingEvent = { readonly type: 'answered' };

/** Pings the peer of one connection at intervals, and ends when it does not answer. */
export const pingMachine = setup({
  types: {
    context: {} as PingInput,
    events: {} as PingEvent,
    input: {} as PingInput,
  },
  actions: {
    ping: ({ context }) => context.ping(),
    reportLost: ({ context }) => context.lost(),
  },
  delays: {
    pingInterval: ({ context }) => context.pingIntervalMs,
    pongTimeout: ({ context }) => context.pongTimeoutMs,
  },
}).createMachine({
  id: 'ping',
  context: ({ input }) => input,
  initial: 'waiting',
  states: {
    waiting: { after: { pingInterval: 'asking' } },
    asking: {
      entry: 'ping',
      on: { answered: 'waiting' },
      after: { pongTimeout: 'lost' },
    },
    lost: { type: 'final', entry: 'reportLost' },
  },
});
