import { assertEvent, assign, setup } from 'xstate';

/** One frame for one client. */
export interface QueuedFrame {
  readonly frame: Buffer;
  /** Where only the latest counts: a waiting frame with the same mark gives way to this one. */
  readonly latestOf?: string;
  /** Number of the last batch of entries in it. */
  readonly batch?: number;
}

/** Input of the send queue machine. */
export interface SendQueueInput {
  /** Sends one frame; a promise says that the client has no room for the next yet. */
  readonly send: (queued: QueuedFrame) => void | Promise<void>;
  /** Frames that may wait at once. */
  readonly maxQueued: number;
}

/** Context of the send queue machine. */
export interface SendQueueContext extends SendQueueInput {
  readonly queue: readonly QueuedFrame[];
  readonly inFlight: QueuedFrame | undefined;
  readonly lost: number;
}

/** Events of the send queue machine. `finish` sends all that waits, without waiting for the client. */
export type SendQueueEvent =
  | { readonly type: 'enqueue'; readonly queued: QueuedFrame }
  | { readonly type: 'written' }
  | { readonly type: 'finish' };

/** Output of the send queue machine: how many frames its client will never get, because the queue was full. */
export interface SendQueueOutput {
  readonly lost: number;
}

/** Bounded send queue of one client: sends frames in their order. A queue that is full ends it: a gap is never silent. */
export const sendQueueMachine = setup({
  types: {
    context: {} as SendQueueContext,
    events: {} as SendQueueEvent,
    input: {} as SendQueueInput,
    output: {} as SendQueueOutput,
  },
  actions: {
    take: assign(({ event }) => {
      assertEvent(event, 'enqueue');
      return { inFlight: event.queued };
    }),
    takeNext: assign(({ context }) => ({ inFlight: context.queue[0], queue: context.queue.slice(1) })),
    keep: assign(({ context, event }) => {
      assertEvent(event, 'enqueue');
      return { queue: [...context.queue, event.queued] };
    }),
    replace: assign(({ context, event }) => {
      assertEvent(event, 'enqueue');
      const { queued } = event;
      return { queue: [...context.queue.filter(({ latestOf }) => latestOf !== queued.latestOf), queued] };
    }),
    send: ({ context, self }) => {
      if (context.inFlight === undefined) return;
      const taken = context.send(context.inFlight);
      if (taken === undefined) self.send({ type: 'written' });
      else void taken.then(() => self.getSnapshot().status === 'active' && self.send({ type: 'written' }));
    },
    sendRest: ({ context }) => {
      for (const queued of context.queue) void context.send(queued);
    },
    countLost: assign(({ context }) => ({ lost: context.queue.length + 1, queue: [] })),
  },
  guards: {
    hasMore: ({ context }) => context.queue.length > 0,
    isFull: ({ context }) => context.queue.length >= context.maxQueued,
    isNewer: ({ context, event }) =>
      event.type === 'enqueue' &&
      event.queued.latestOf !== undefined &&
      context.queue.some(({ latestOf }) => latestOf === event.queued.latestOf),
  },
}).createMachine({
  id: 'sendQueue',
  context: ({ input }) => ({ ...input, queue: [], inFlight: undefined, lost: 0 }),
  initial: 'idle',
  output: ({ context }) => ({ lost: context.lost }),
  states: {
    idle: { on: { enqueue: { target: 'writing', actions: 'take' }, finish: 'finished' } },
    writing: {
      entry: 'send',
      on: {
        enqueue: [
          { guard: 'isNewer', actions: 'replace' },
          { guard: 'isFull', target: 'finished', actions: 'countLost' },
          { actions: 'keep' },
        ],
        written: [{ guard: 'hasMore', target: 'writing', reenter: true, actions: 'takeNext' }, { target: 'idle' }],
        finish: { target: 'finished', actions: 'sendRest' },
      },
    },
    finished: { type: 'final' },
  },
});
