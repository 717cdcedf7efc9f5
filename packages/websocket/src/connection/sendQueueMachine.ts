import { assertEvent, assign, setup } from 'xstate';

/** One frame for one client. */
export interface Parcel {
  readonly frame: Buffer;
  /** Where only the latest counts: a waiting frame with the same mark gives way to this one. */
  readonly latestOf?: string;
}

/** What a lane is made of. */
export interface LaneInput {
  /** Sends one frame; a promise says that the client has no room for the next yet. */
  readonly send: (frame: Buffer) => void | Promise<void>;
  readonly maxQueued: number;
}

/** What a lane remembers. */
export interface LaneContext extends LaneInput {
  readonly queue: readonly Parcel[];
  readonly inFlight: Parcel | undefined;
  readonly lost: number;
}

/** What a lane can be told. `finish` sends all that waits, without waiting for the client. */
export type LaneCommand =
  | { readonly type: 'parcel'; readonly parcel: Parcel }
  | { readonly type: 'written' }
  | { readonly type: 'finish' };

/** How a lane ended: how many frames its client will never get, because the queue was full. */
export interface LaneOutput {
  readonly lost: number;
}

/** Owns the frames that wait for one client, in their order. A queue that is full ends it: a gap is never silent. */
export const laneMachine = setup({
  types: {
    context: {} as LaneContext,
    events: {} as LaneCommand,
    input: {} as LaneInput,
    output: {} as LaneOutput,
  },
  actions: {
    take: assign(({ event }) => {
      assertEvent(event, 'parcel');
      return { inFlight: event.parcel };
    }),
    takeNext: assign(({ context }) => ({ inFlight: context.queue[0], queue: context.queue.slice(1) })),
    keep: assign(({ context, event }) => {
      assertEvent(event, 'parcel');
      return { queue: [...context.queue, event.parcel] };
    }),
    replace: assign(({ context, event }) => {
      assertEvent(event, 'parcel');
      const { parcel } = event;
      return { queue: [...context.queue.filter(({ latestOf }) => latestOf !== parcel.latestOf), parcel] };
    }),
    send: ({ context, self }) => {
      if (context.inFlight === undefined) return;
      const taken = context.send(context.inFlight.frame);
      if (taken === undefined) self.send({ type: 'written' });
      else void taken.then(() => self.getSnapshot().status === 'active' && self.send({ type: 'written' }));
    },
    sendRest: ({ context }) => {
      for (const { frame } of context.queue) void context.send(frame);
    },
    countLost: assign(({ context }) => ({ lost: context.queue.length + 1, queue: [] })),
  },
  guards: {
    hasMore: ({ context }) => context.queue.length > 0,
    isFull: ({ context }) => context.queue.length >= context.maxQueued,
    isNewer: ({ context, event }) =>
      event.type === 'parcel' &&
      event.parcel.latestOf !== undefined &&
      context.queue.some(({ latestOf }) => latestOf === event.parcel.latestOf),
  },
}).createMachine({
  id: 'lane',
  context: ({ input }) => ({ ...input, queue: [], inFlight: undefined, lost: 0 }),
  initial: 'idle',
  output: ({ context }) => ({ lost: context.lost }),
  states: {
    idle: { on: { parcel: { target: 'writing', actions: 'take' }, finish: 'finished' } },
    writing: {
      entry: 'send',
      on: {
        parcel: [
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
