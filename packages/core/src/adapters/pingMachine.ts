import { assign, setup } from 'xstate';

/** Input of the ping machine. */
export interface PingInput {
  /** How long to wait after an answer before the next ping, in milliseconds. */
  readonly pingIntervalMs: number;
  /** How long an answer may take, in milliseconds. */
  readonly pongTimeoutMs: number;
  /** A timeout that is noticed later than this was a stall of this program: the peer is pinged again. In milliseconds. */
  readonly stallToleranceMs: number;
  /** Returns the time in milliseconds. */
  readonly now: () => number;
  /** Sends a ping. Must not throw. */
  readonly ping: () => void;
  /** Called once, when the peer did not answer in time. Must not throw. */
  readonly lost: () => void;
}

/** Context of the ping machine. */
export interface PingContext extends PingInput {
  /** When the answer is due. */
  readonly dueAt: number;
}

/** Events of the ping machine: whatever is heard of the peer is an answer. */
export type PingEvent = { readonly type: 'answered' };

/** Returns how late a timeout is noticed. */
const lateMs = ({ now, dueAt }: PingContext): number => now() - dueAt;

/**
 * Pings the peer of one connection at intervals, and ends when it does not answer.
 *
 * A program that stands still runs its timers before it reads what has come meanwhile. So a timeout that is noticed late
 * ends nobody before the answers that wait were read; one noticed very late says nothing of the peer at all.
 */
export const pingMachine = setup({
  types: {
    context: {} as PingContext,
    events: {} as PingEvent,
    input: {} as PingInput,
  },
  actions: {
    ping: ({ context }) => context.ping(),
    setDue: assign({ dueAt: ({ context }) => context.now() + context.pongTimeoutMs }),
    reportLost: ({ context }) => context.lost(),
  },
  guards: {
    isStalled: ({ context }) => lateMs(context) > context.stallToleranceMs,
    isLate: ({ context }) => lateMs(context) > 0,
  },
  delays: {
    pingInterval: ({ context }) => context.pingIntervalMs,
    pongTimeout: ({ context }) => context.pongTimeoutMs,
    /** The shortest there is: the event loop reads its sockets between two timers. */
    nextTurn: 1,
  },
}).createMachine({
  id: 'ping',
  context: ({ input }) => ({ ...input, dueAt: 0 }),
  initial: 'waiting',
  states: {
    waiting: { after: { pingInterval: 'asking' } },
    asking: {
      entry: ['setDue', 'ping'],
      on: { answered: 'waiting' },
      after: {
        pongTimeout: [
          { guard: 'isStalled', target: 'asking', reenter: true },
          { guard: 'isLate', target: 'reading' },
          { target: 'lost' },
        ],
      },
    },
    reading: {
      on: { answered: 'waiting' },
      after: { nextTurn: 'lost' },
    },
    lost: { type: 'final', entry: 'reportLost' },
  },
});
